mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        pivot step charge = Charge { amount: 3 };
        charge
    }
}

fn main() {}
