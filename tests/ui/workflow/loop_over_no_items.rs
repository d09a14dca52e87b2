mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        parallel labels = for line in order.id, max = 8 {
            step label = Label { line: format!("{line}") };
            label
        };
        labels.len() as u32
    }
}

fn main() {}
