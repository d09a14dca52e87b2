mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            { step a = Price { of: 3 }; step Restock { count: a }; }
            { branch if order.price > 3 { step Reserve { order: order.id }; } }
            step Send { to: "ada".to_owned() };
        }
        3
    }
}

fn main() {}
