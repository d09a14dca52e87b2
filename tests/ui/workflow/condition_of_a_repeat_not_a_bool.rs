mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        repeat price = max 3 {
            step price = Price { of: order.id };
            price
        } until price;
        price
    }
}

fn main() {}
