mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        repeat max 3 { step Enter { amount: 3 }; }
        3
    }
}

fn main() {}
