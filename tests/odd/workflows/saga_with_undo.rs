//! A saga whose every write can be undone has no pivot.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga, on_cancel = undo, undo_retry(times = 3, backoff = "1s"))]
    pub(crate) TakeOrder { order: Order } -> u64 {
        step stock = Reserve { order: order.id };
        parallel {
            step entry = Enter { amount: order.price };
            step price = Price { of: stock.id };
        }
        branch if price > 3 { step Reserve { order: entry }; }
        stock.id
    }
}
