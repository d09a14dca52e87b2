use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 300)]
    value: u8,
}

fn main() {}
