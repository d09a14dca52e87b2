use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// The rest.
    #[serde(flatten)]
    #[param(len = 1.., example = 3)]
    rest: std::collections::BTreeMap<String, u8>,
}

fn main() {}
