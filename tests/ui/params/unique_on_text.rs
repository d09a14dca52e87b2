use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(unique)]
    value: String,
}

fn main() {}
