//! Two workflows beside each other, one of them the steps of the other.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        price
    }
}

workflow! {
    /// Takes two orders.
    pub(crate) TakeOrders { one: Order, other: Order } -> u32 {
        parallel {
            step first = TakeOrder { order: one };
            step second = TakeOrder::new(other);
        }
        first + second
    }
}
