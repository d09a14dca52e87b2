mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        pivot step charge = Charge { amount: 3 };
        branch if order.price > 3 { step Reserve { order: order.id }; }
        charge
    }
}

fn main() {}
