use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default)]
    value: u128,
}

fn main() {}
