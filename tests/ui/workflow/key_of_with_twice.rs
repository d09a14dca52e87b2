mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id } with timeout("1s"), timeout("2s");
        price
    }
}

fn main() {}
