use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(min = 1))]
    value: Vec<String>,
}

fn main() {}
