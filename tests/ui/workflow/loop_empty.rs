mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> bool {
        step now = Now {};
        parallel for line in order.lines, max = 8 {}
        now
    }
}

fn main() {}
