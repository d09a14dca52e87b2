use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(unique = true)]
    value: Vec<u8>,
}

fn main() {}
