use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(check = lost)]
    value: u8,
}

fn main() {}
