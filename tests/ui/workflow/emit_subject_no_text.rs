mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        emit Approved { order: order.id, by: "ada".to_owned() } with subject(order.id);
        price
    }
}

fn main() {}
