//! A workflow may be only what it does.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder {} {
        sleep "1ms";
        step Enter { amount: 3 };
    }
}
