mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        if price > 3 { step Enter { amount: 3 }; }
        price
    }
}

fn main() {}
