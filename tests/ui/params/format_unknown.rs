use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(format = "emial")]
    value: String,
}

fn main() {}
