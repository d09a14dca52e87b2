mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        sleep 5;
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
