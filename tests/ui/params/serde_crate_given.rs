use enact::prelude::*;

#[derive(Params)]
#[serde(crate = "serde")]
struct Part {
    /// Its type.
    kind: String,
}

fn main() {}
