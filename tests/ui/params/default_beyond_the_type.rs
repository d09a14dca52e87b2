use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default = 300)]
    value: u8,
}

fn main() {}
