use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(default = 3)]
    #[serde(default)]
    value: u8,
}

fn main() {}
