mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Puts goods aside.
    Inner {} -> u32 {
        step Reserve { order: 3 };
        3
    }
}

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    TakeOrder { order: Order } -> u32 {
        step inner = Inner {};
        inner
    }
}

fn main() {}
