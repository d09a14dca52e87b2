use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(example = 5)]
    value: String,
}

fn main() {}
