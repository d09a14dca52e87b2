mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u64 {
        step Send { to: "ada".to_owned() };
        step stock = Reserve { order: order.id };
        stock.id
    }
}

fn main() {}
