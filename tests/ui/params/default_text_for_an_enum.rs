use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default = "Metre")]
    value: Unit,
}

#[derive(Params)]
enum Unit {
    Metre,
}

fn main() {}
