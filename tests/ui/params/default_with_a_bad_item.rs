use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(max = 9), default = vec![1, 10])]
    value: Vec<u8>,
}

fn main() {}
