//! Arms of different branches may use the same names.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        branch one = match order.tier {
            Tier::Premium => { step price = Price { of: order.id }; price }
            Tier::Standard => 3,
        };
        branch two = if one > 3 { step price = Price { of: 3 }; price } else { one };
        two
    }
}
