mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branch price = if order.price > 3 { 1 } else { price };
        price
    }
}

fn main() {}
