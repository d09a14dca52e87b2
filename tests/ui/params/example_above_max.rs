use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(max = 9, example = 10)]
    value: u8,
}

fn main() {}
