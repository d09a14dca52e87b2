mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branch total = if price > 3 { return 3 } else { price };
        total
    }
}

fn main() {}
