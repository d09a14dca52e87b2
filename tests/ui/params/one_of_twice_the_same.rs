use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of("a", "b", "a"))]
    value: String,
}

fn main() {}
