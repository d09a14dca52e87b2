//! A workflow is a step of another, and has the effect of its own steps.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Reads a price.
    pub(crate) Inner { of: u64 } -> u32 {
        step price = Price { of };
        price
    }
}

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Inner { of: order.id } with retry(times = 3);
        price
    }
}
