mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> String {
        wait approved = Approved where subject == order.id;
        approved.by
    }
}

fn main() {}
