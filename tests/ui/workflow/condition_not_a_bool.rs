mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        branch if order.price {
            step Enter { amount: 3 };
        }
        3
    }
}

fn main() {}
