use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// How large.
    #[serde(rename = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    size: u8,
}

fn main() {}
