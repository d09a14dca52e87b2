mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel for line in order.lines, max = 8 { step TakeOrder { order: Order { note: Some(line), ..order } }; }
        3
    }
}

fn main() {}
