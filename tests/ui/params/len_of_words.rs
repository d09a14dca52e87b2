use enact::prelude::*;

#[derive(Params)]
#[serde(tag = "kind")]
enum Part {
    Named {
        /// A value.
        #[param(len = "three")]
        value: String,
    },
}

fn main() {}
