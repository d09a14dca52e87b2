mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        branch total = if order.price > 3 {
            step price = Price { of: order.id };
            price
        } else {
            step Enter { amount: 3 };
        };
        total
    }
}

fn main() {}
