//! Arms may write, as long as it is not the same; behind them others may.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u64 {
        parallel {
            step stock = Reserve { order: order.id };
            step entry = Enter { amount: order.price };
            { step sent = Send { to: "ada".to_owned() }; step Save { text: format!("{sent}") }; }
        }
        step Restock { count: 3 };
        stock.id + entry
    }
}
