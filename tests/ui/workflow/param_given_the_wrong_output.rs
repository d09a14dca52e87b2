mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step label = Label { line: "x".to_owned() };
        step price = Price { of: label };
        price
    }
}

fn main() {}
