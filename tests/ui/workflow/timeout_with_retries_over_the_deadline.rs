mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id } with timeout("20m"), retry(times = 3);
        price
    }
}

fn main() {}
