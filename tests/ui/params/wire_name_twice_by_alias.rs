use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// One.
    one: u8,
    /// Two.
    #[serde(alias = "deux", alias = "one")]
    two: u8,
}

fn main() {}
