use enact::prelude::*;

#[derive(Params)]
#[params(open)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Its type.
    kind: String,
}

fn main() {}
