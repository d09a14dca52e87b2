use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 1, exclusive_min = 0)]
    value: u8,
}

fn main() {}
