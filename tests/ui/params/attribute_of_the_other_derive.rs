use enact::prelude::*;

#[derive(Params)]
#[action(open)]
struct Part {
    /// A value.
    value: u8,
}

fn main() {}
