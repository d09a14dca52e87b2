mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "2h")]
    TakeOrder { order: Order } -> u32 {
        step slow = Slow {};
        slow
    }
}

fn main() {}
