mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        branch total = if order.price > 3 {
            step price = Price { of: order.id };
            price
        } else {
            step label = Label { line: "x".to_owned() };
            label
        };
        total
    }
}

fn main() {}
