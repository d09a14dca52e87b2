use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 9, max = 1)]
    value: u8,
}

fn main() {}
