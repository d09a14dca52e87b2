mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step rate = Rate { percent: 0, what: "x".to_owned(), manner: "x".to_owned(), weight: 0.4 };
        rate
    }
}

fn main() {}
