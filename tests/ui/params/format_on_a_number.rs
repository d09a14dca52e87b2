use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(format = "email")]
    value: Option<u8>,
}

fn main() {}
