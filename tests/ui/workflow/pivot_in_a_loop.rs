mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u32 {
        parallel for line in order.lines, max = 8 { pivot step Send { to: line }; }
        3
    }
}

fn main() {}
