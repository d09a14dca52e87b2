mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga, deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        parallel {
            step price = Prize { of: order.id } with timeout("1s"), retry(times = 2);
            step entry = Enter { amount: 3 };
        }
        step saved = Save { text: format!("{price}{entry}") };
        3
    }
}

fn main() {}
