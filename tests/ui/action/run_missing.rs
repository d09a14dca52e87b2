use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Do {
    /// A value.
    value: u8,
}

fn main() {}
