use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// Its type.
    #[serde(rename(serialize = "type"))]
    kind: String,
}

fn main() {}
