use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(min = 9, max = 1))]
    value: Vec<u8>,
}

fn main() {}
