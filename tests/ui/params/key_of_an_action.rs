use enact::prelude::*;

#[derive(Params)]
#[params(timeout = "5s")]
struct Part {
    /// A value.
    value: u8,
}

fn main() {}
