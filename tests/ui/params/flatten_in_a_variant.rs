use enact::prelude::*;

/// An address.
#[derive(Params)]
struct Address {
    /// Town.
    town: String,
}

#[derive(Params)]
enum Way {
    Mail {
        #[serde(flatten)]
        to: Address,
    },
    Phone {
        /// The number.
        number: String,
    },
}

fn main() {}
