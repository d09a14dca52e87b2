use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of("a", "b"))]
    value: bool,
}

fn main() {}
