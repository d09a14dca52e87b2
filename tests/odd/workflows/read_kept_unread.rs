//! A name that begins with `_` need not be read.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step _price = Price { of: order.id };
        step Enter { amount: 3 };
        Enter { amount: 3 }.amount
    }
}
