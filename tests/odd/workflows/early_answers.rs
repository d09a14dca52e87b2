//! `stop` in branches and loops.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        branch if price > 3 { stop price; }
        branch total = match order.tier {
            Tier::Premium => { stop 3; }
            Tier::Standard => { step now = Now {}; branch if now { stop 4; } price }
        };
        repeat max 3 { step now = Now {}; branch if now { stop total; } } until now;
        total
    }
}
