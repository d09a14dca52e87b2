mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        repeat max 3 {
            step now = Now {};
        } until now;
        branch if now { stop 1; }
        2
    }
}

fn main() {}
