use enact::prelude::*;

#[derive(Params)]
#[serde(tag = "kind")]
enum Way {
    Mail,
    #[serde(other)]
    Unknown,
}

fn main() {}
