use enact::prelude::*;

#[derive(Params)]
#[serde(renameall = "camelCase")]
struct Part {
    /// Its type.
    kind: String,
}

fn main() {}
