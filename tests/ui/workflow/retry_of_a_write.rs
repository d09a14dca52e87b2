mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step Send { to: "ada".to_owned() } with retry(times = 3);
        3
    }
}

fn main() {}
