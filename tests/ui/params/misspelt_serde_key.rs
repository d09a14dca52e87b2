use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// Its type.
    #[serde(renam = "type")]
    kind: String,
}

fn main() {}
