use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = "^(?=.*[0-9])[a-z0-9]+$")]
    value: String,
}

fn main() {}
