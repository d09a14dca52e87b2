use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of())]
    value: String,
}

fn main() {}
