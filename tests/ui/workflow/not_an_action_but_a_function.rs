mod shop;

use enact::prelude::*;
use shop::*;

fn fetch(id: u64) -> u64 {
    id
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = fetch(order.id);
        price
    }
}

fn main() {}
