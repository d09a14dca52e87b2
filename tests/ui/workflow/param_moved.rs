mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        let lines = order.into_lines();
        price + lines.len() as u32
    }
}

fn main() {}
