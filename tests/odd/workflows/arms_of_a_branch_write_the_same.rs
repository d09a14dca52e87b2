//! Only one arm of a branch runs, so two may write the same.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        branch match order.tier {
            Tier::Premium => { step Reserve { order: order.id }; }
            Tier::Standard => { step Restock { count: 3 }; }
        }
        order.price
    }
}
