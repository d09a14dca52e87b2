mod shop;

use enact::prelude::*;
use shop::*;

struct Answer {
    price: u32,
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> Answer {
        step price = Price { of: order.id };
        Answer { price }
    }
}

fn main() {}
