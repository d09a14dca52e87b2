use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(class = 5)]
    value: String,
}

fn main() {}
