use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default = "three")]
    value: u8,
}

fn main() {}
