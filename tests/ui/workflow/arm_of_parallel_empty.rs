mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            {}
            step Enter { amount: 3 };
            step Send { to: "ada".to_owned() };
        }
        3
    }
}

fn main() {}
