#![deny(warnings)]
//! A name that begins with `_` need not be read.
mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step _price = Price { of: order.id };
        step Enter { amount: 3 };
        Enter { amount: 3 }.amount
    }
}

fn main() {}
