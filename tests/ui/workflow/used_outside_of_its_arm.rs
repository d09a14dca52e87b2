mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        branch if order.price > 3 {
            step entry = Enter { amount: 3 };
        }
        step saved = Save { text: format!("{entry}") };
        saved
    }
}

fn main() {}
