use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// Its type.
    #[serde(rename = "$type")]
    kind: String,
}

fn main() {}
