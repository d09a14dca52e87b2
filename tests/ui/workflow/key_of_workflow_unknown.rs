mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(version = 1, dedline = "1h")]
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
