use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(len = 1..)]
    value: &'static str,
}

fn main() {}
