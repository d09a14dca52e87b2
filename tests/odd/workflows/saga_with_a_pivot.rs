//! Behind the pivot stand steps that bear to be run again.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    #[workflow(saga, on_cancel = leave)]
    pub(crate) TakeOrder { order: Order } -> u64 {
        step stock = Reserve { order: order.id };
        pivot step charge = Charge { amount: order.price };
        parallel {
            step saved = Save { text: stock.shelf } with retry(times = 3);
            step price = Price { of: charge };
        }
        repeat max 3 { step Enter { amount: price }; step now = Now {}; } until now;
        saved
    }
}
