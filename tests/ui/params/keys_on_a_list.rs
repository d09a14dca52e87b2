use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(keys(pattern = "a"))]
    value: Vec<String>,
}

fn main() {}
