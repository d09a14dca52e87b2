use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(multiple_of = 0)]
    value: u8,
}

fn main() {}
