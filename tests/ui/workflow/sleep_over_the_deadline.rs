mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        sleep "2h";
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
