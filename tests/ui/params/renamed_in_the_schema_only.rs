use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// Its type.
    #[schemars(rename = "type")]
    kind: String,
}

fn main() {}
