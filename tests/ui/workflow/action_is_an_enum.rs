mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step tier = Tier::Premium;
        3
    }
}

fn main() {}
