mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branch if price > 3 { step Enter { amount: price }; }
        step again = Self { order };
        again
    }
}

fn main() {}
