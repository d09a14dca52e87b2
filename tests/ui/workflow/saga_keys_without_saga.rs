mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(on_cancel = leave)]
    TakeOrder { order: Order } -> u64 {
        step charge = Charge { amount: 3 };
        charge
    }
}

fn main() {}
