#![deny(warnings)]
//! A workflow may need nothing.
mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder {} -> u32 {
        step price = Price { of: 3 };
        price
    }
}

fn main() {}
