mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        step Send { to: "ada".to_owned() };
        pivot step charge = Charge { amount: 3 };
        charge
    }
}

fn main() {}
