mod shop;

use enact::prelude::*;
use shop::*;

/// No action.
#[derive(Params)]
struct Fetch {
    /// What.
    what: u64,
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step fetched = Fetch { what: order.id };
        fetched
    }
}

fn main() {}
