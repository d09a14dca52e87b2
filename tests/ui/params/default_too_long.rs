use enact::prelude::*;

#[derive(Params)]
#[serde(tag = "kind")]
enum Part {
    Named {
        /// A value.
        #[param(len = ..=3, default = "four")]
        value: String,
    },
}

fn main() {}
