mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step Enter { amount: 1 };
        step Enter { amount: 2 };
        3
    }
}

fn main() {}
