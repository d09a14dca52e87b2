use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(len = 3..=1)]
    value: String,
}

fn main() {}
