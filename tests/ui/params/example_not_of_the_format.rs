use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(format = "email", example = "somebody")]
    value: String,
}

fn main() {}
