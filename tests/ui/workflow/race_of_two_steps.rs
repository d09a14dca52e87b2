mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        parallel {
            step stock = Reserve { order: order.id };
            step count = Restock { count: 3 };
        }
        stock.id + u64::from(count)
    }
}

fn main() {}
