use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(keys(pattern = "*"))]
    value: std::collections::BTreeMap<String, u8>,
}

fn main() {}
