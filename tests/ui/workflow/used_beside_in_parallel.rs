mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        parallel {
            step price = Price { of: order.id };
            step entry = Enter { amount: price };
        }
        entry
    }
}

fn main() {}
