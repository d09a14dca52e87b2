use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(patern = "^a$")]
    value: String,
}

fn main() {}
