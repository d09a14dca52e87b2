mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Sends a letter.
    Inner {} -> u32 {
        step Send { to: "ada".to_owned() };
        3
    }
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step inner = Inner {} with retry(times = 3);
        inner
    }
}

fn main() {}
