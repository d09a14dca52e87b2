use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = [a-z])]
    value: String,
}

fn main() {}
