//! A saga without a pivot can be undone, so it is a step before the pivot of another.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Puts goods aside.
    #[workflow(saga)]
    pub(crate) Inner { of: u64 } -> u64 {
        step stock = Reserve { order: of };
        stock.id
    }
}

workflow! {
    /// Takes an order.
    #[workflow(saga)]
    pub(crate) TakeOrder { order: Order } -> u64 {
        step inner = Inner { of: order.id };
        pivot step charge = Charge { amount: order.price };
        charge + inner
    }
}
