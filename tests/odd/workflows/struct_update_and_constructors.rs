//! Params from another value, and from a constructor.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step rate = Rate { percent: 7, ..Rate::new(3) };
        let usual = Rate::new(4);
        step other = Rate { weight: 2.5, ..usual };
        step price = Price::of_number(order.id);
        step again = Price::new(order.id + u64::from(rate + other));
        price + again
    }
}
