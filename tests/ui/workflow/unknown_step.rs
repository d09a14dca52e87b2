mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        prcie + 1
    }
}

fn main() {}
