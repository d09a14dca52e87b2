mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        step slow = Slow {} with timeout("20m");
        slow
    }
}

fn main() {}
