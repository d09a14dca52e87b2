mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            { step price = Price { of: order.id }; step Enter { amount: price }; }
            step Save { text: "x".to_owned() };
        }
        price
    }
}

fn main() {}
