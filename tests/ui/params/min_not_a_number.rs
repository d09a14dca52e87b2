use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(min = LIMIT)]
    value: u8,
}

fn main() {}
