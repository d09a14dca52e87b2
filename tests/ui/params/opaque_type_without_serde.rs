use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(opaque)]
    value: std::io::Error,
}

fn main() {}
