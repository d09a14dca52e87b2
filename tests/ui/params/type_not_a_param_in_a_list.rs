use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(len = 1..)]
    value: Vec<Unit>,
}

struct Unit;

fn main() {}
