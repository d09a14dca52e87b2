use enact::prelude::*;

/// An address.
#[derive(Params)]
struct Address {
    /// Town.
    town: String,
}

#[derive(Params)]
struct Order {
    #[serde(flatten)]
    to: Option<Address>,
}

fn main() {}
