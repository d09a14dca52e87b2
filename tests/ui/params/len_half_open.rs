use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(len = 1..3)]
    value: String,
}

fn main() {}
