mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        stpe price = Price { of: order.id };
        price
    }
}

fn main() {}
