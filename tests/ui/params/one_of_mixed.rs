use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of(1, "two"))]
    value: String,
}

fn main() {}
