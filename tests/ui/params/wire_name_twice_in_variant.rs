use enact::prelude::*;

#[derive(Params)]
enum Part {
    Named {
        /// One.
        one: u8,
        /// Two.
        #[serde(rename = "one")]
        two: u8,
    },
}

fn main() {}
