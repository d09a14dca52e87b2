//! A step that says how long it may take is not held to what its action says.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    pub(crate) TakeOrder { order: Order } -> u32 {
        step slow = Slow {} with timeout("1m"), retry(times = 1);
        slow + order.price
    }
}
