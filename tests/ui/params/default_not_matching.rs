use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = "^[a-z]+$", default = "A")]
    value: String,
}

fn main() {}
