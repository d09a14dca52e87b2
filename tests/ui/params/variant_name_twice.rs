use enact::prelude::*;

#[derive(Params)]
enum Part {
    One,
    #[serde(rename = "One")]
    Two,
}

fn main() {}
