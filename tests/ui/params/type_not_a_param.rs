use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default)]
    value: Unit,
}

#[derive(Default)]
struct Unit;

fn main() {}
