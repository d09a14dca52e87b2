//! A workflow may need nothing.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder {} -> u32 {
        step price = Price { of: 3 };
        price
    }
}
