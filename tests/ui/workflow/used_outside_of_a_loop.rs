mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> String {
        parallel for line in order.lines, max = 8 {
            step label = Label { line };
            step Save { text: label };
        }
        label
    }
}

fn main() {}
