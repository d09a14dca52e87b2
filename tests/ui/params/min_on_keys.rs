use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(keys(min = 1))]
    value: std::collections::BTreeMap<String, u8>,
}

fn main() {}
