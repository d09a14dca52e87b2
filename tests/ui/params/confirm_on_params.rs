use enact::prelude::*;

/// A part of an action.
#[derive(Params)]
#[params(confirm)]
struct Part {
    /// A value.
    value: u8,
}

fn main() {}
