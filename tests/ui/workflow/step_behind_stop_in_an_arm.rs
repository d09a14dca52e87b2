mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branch if price > 3 {
            stop 3;
            step Enter { amount: price };
        }
        price
    }
}

fn main() {}
