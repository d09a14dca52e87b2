use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items())]
    value: Vec<u8>,
}

fn main() {}
