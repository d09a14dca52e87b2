use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(pattern = r"(\w{1000}){1000}")]
    value: String,
}

fn main() {}
