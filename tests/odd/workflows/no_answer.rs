//! A workflow may answer nothing, early too.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } {
        step Enter { amount: order.price };
        branch if order.price > 3 { stop; }
        emit Approved { order: order.id, by: "ada".to_owned() } with subject("x");
    }
}
