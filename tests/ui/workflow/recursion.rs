mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step again = TakeOrder { order };
        again
    }
}

fn main() {}
