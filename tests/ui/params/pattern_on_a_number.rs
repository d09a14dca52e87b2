use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = "^[0-9]+$")]
    value: u8,
}

fn main() {}
