//! Actions and signals by their paths; one without params without braces.

use enact::prelude::*;

use crate::shop::{self, *};

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = shop::Price { of: order.id };
        step other = crate::shop::Price::of_number(3);
        step third = self::shop::Now;
        wait paid = crate::shop::Approved where order == order.id, subject == "x", timeout "1s";
        branch if third { stop other + paid.order as u32; }
        price
    }
}
