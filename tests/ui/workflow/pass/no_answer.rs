#![deny(warnings)]
//! A workflow may answer nothing, early too.
mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } {
        step Enter { amount: order.price };
        branch if order.price > 3 { stop; }
        emit Approved { order: order.id, by: "ada".to_owned() } with subject("x");
    }
}

fn main() {}
