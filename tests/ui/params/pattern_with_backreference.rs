use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = r"^(a)\1$")]
    value: String,
}

fn main() {}
