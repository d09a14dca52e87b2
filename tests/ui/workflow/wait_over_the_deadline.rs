mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        wait Approved where timeout "2h";
        3
    }
}

fn main() {}
