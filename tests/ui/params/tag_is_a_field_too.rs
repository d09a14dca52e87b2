use enact::prelude::*;

#[derive(Params)]
#[serde(tag = "kind")]
enum Part {
    Named {
        /// What it is.
        kind: u8,
    },
}

fn main() {}
