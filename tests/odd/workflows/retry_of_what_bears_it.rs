//! Reading, and writing what does no harm twice, are tried again.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u64 {
        step price = Price { of: order.id } with retry(times = 3, backoff = "1ms"..="1s");
        step entry = Enter { amount: price } with timeout("1s"), retry(times = 100);
        entry
    }
}
