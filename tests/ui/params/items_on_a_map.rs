use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(items(min = 1))]
    value: std::collections::BTreeMap<String, u8>,
}

fn main() {}
