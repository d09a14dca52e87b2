mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        let other = Price { of: 3 }.exec(&Context::new()).await;
        price
    }
}

fn main() {}
