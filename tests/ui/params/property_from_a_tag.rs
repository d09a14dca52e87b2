use enact::prelude::*;

#[derive(Params)]
#[serde(tag = "@type")]
enum Part {
    One,
}

fn main() {}
