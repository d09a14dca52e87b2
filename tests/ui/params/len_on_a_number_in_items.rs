use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(len = 1..))]
    value: Vec<u8>,
}

fn main() {}
