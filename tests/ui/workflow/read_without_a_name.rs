mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        step Price { of: order.id };
        step entry = Enter { amount: 3 };
        entry
    }
}

fn main() {}
