mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            step price = Price { of: order.id };
            { step rate = Rate { percent: 3, ..Rate::new(3) }; step Enter { amount: rate + price }; }
        }
        price
    }
}

fn main() {}
