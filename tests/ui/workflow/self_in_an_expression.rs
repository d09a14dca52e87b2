mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: self.order.id };
        price
    }
}

workflow! {
    /// Takes a note, under a name that is near to the word.
    TakeNote { shelf: String } -> String {
        step label = Label { line: shelf };
        branch if self.is_long() { step Save { text: format!("{self:?}") }; }
        label
    }
}

fn main() {}
