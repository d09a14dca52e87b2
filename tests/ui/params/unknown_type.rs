use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = 1)]
    value: Missing,
}

fn main() {}
