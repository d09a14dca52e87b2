mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        step price = Price { of: order.id };
        step entry = Enter { amount: prcie };
        entry
    }
}

fn main() {}
