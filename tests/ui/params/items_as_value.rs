use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items = 5)]
    value: Vec<u8>,
}

fn main() {}
