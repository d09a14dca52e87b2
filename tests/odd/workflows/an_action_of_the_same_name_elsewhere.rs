//! A longer path leads to another action, though its name is the workflow's own.

use enact::prelude::*;

use crate::shop;

workflow! {
    /// Takes money, and notes that it did.
    #[workflow(name = "charge_order", saga)]
    pub(crate) Charge { order: shop::Order } -> u64 {
        step stock = shop::Reserve { order: order.id };
        pivot step charge = shop::Charge { amount: order.price };
        charge + stock.id
    }
}
