use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of("a", "b"), default = "c")]
    value: String,
}

fn main() {}
