mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        emit Stock { id: 3, shelf: "a".to_owned() };
        price
    }
}

fn main() {}
