use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(one_of("1", "2"))]
    value: u8,
}

fn main() {}
