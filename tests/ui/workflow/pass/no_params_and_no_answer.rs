#![deny(warnings)]
//! A workflow may be only what it does.
mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder {} {
        sleep "1ms";
        step Enter { amount: 3 };
    }
}

fn main() {}
