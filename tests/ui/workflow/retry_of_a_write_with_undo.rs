mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        step stock = Reserve { order: order.id } with timeout("1s"), retry(times = 3);
        stock.id
    }
}

fn main() {}
