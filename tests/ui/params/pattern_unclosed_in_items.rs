use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(pattern = "a{2,1}"))]
    value: Vec<String>,
}

fn main() {}
