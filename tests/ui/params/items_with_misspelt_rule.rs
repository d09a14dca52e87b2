use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(mni = 1))]
    value: Vec<u8>,
}

fn main() {}
