mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        pivot charge = Charge { amount: 3 };
        charge
    }
}

fn main() {}
