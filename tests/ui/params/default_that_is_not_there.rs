use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default)]
    value: Unit,
}

#[derive(Params)]
enum Unit {
    Metre,
}

fn main() {}
