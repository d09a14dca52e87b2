mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: 1 };
        step price = Price { of: 2 };
        price
    }
}

fn main() {}
