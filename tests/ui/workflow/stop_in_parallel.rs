mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            { step price = Price { of: order.id }; stop price; }
            step Enter { amount: 3 };
        }
        3
    }
}

fn main() {}
