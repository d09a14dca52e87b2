use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    value: std::collections::BTreeMap<u8, u8>,
}

fn main() {}
