use enact::prelude::*;

#[derive(Params)]
enum Part {
    #[serde(rename = "one/two")]
    OneTwo(u8),
}

fn main() {}
