mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> String {
        step stock = Reserve { order: order.id };
        stock.shelve
    }
}

fn main() {}
