mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        pivot step charge = Charge { amount: 3 };
        step Send { to: "ada".to_owned() };
        charge
    }
}

fn main() {}
