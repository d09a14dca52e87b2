mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branhc total = if price > 3 { 1 } else { 2 };
        total
    }
}

fn main() {}
