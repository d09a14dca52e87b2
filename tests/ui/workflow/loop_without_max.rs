mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel for line in order.lines { step Save { text: line }; }
        3
    }
}

fn main() {}
