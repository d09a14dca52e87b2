mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        wait paid = Order where id == order.id;
        paid.price
    }
}

fn main() {}
