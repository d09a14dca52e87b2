use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// One.
    one: u8,
    /// Two.
    #[serde(rename = "one")]
    two: u8,
}

fn main() {}
