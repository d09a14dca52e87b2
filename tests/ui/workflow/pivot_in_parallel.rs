mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        parallel {
            pivot step charge = Charge { amount: 3 };
            step price = Price { of: order.id };
        }
        charge + u64::from(price)
    }
}

fn main() {}
