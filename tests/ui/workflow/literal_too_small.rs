mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step rate = Rate { percent: -3, ..Rate::new(1) };
        rate
    }
}

fn main() {}
