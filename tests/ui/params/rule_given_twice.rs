use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 1, min = 2)]
    value: u8,
}

fn main() {}
