mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            step again = Self { order };
            step price = Price { of: order.id };
        }
        again + price
    }
}

fn main() {}
