use enact::prelude::*;

#[derive(Params)]
enum Part {
    #[serde(alias = "uno")]
    One,
    Two {
        /// A value.
        #[serde(alias = "worth")]
        value: u8,
    },
}

fn main() {}
