mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step now = Now {};
        repeat max 3 {} until now;
        3
    }
}

fn main() {}
