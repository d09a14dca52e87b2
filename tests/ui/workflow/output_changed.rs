mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step stock = Reserve { order: order.id };
        let shelf = { stock.shelf.push('b'); stock.shelf.len() };
        shelf as u32
    }
}

fn main() {}
