use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 1, default = 0)]
    value: u8,
}

fn main() {}
