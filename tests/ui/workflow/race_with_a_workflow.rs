mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Puts goods aside.
    Inner {} {
        step Reserve { order: 3 };
    }
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel {
            step Inner {};
            step Restock { count: 3 };
        }
        3
    }
}

fn main() {}
