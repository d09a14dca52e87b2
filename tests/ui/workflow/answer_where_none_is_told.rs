mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } {
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
