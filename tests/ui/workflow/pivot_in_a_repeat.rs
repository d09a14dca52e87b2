mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u32 {
        repeat max 3 { pivot step charge = Charge { amount: 3 }; } until charge > 3;
        3
    }
}

fn main() {}
