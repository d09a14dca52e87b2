mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u32 {
        branch if order.price > 3 { pivot step Charge { amount: 3 }; }
        3
    }
}

fn main() {}
