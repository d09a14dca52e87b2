mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step order = Price { of: 1 };
        order
    }
}

fn main() {}
