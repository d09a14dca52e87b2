//! The workflow: from cart to doorstep.

use enact::prelude::*;

use crate::order::{Confirmation, Order, Tier};
use crate::steps::{
    ChargeCard, NotifyAudit, PremiumPrice, PrintLabel, QuoteShipping, ReserveStock,
    SendConfirmation, ValidateOrder,
};

/// From so many cents on, the auditors want to know of an order.
const AUDITED: u64 = 100_000;

workflow! {
    /// Takes an order from cart to doorstep.
    ///
    /// Until the card is charged, whatever fails gives the stock back; from there on it only goes
    /// forward.
    #[workflow(version = 1, deadline = "1h", category = "orders", tags("shop"), saga)]
    pub(crate) OrderFulfilment {
        /// What is ordered, by whom, and where it goes.
        order: Order,
    } -> Confirmation {
        step valid = ValidateOrder { items: order.items, discount_percent: order.discount_percent };

        parallel {
            step stock = ReserveStock { order: order.id, items: order.items };
            step quote = QuoteShipping { shipping: order.shipping, pieces: valid.pieces };
        }

        branch total = match order.customer.tier {
            Tier::Standard => valid.cents + quote,
            Tier::Plus => valid.cents,
            Tier::Premium => { step price = PremiumPrice { cents: valid.cents }; price },
        };

        pivot step charge = ChargeCard { order: order.id, cents: total }
            with timeout("2s"), retry(times = 3, backoff = "1ms"..="20ms");

        parallel labels = for item in order.items, max = 8 {
            step label = PrintLabel { order: order.id, sku: item.sku };
            label
        };

        branch if total >= AUDITED { step audit = NotifyAudit { order: order.id, cents: total }; }

        step mail = SendConfirmation { order: order.id, email: order.customer.email, labels };

        Confirmation {
            order: order.id.clone(),
            receipt: charge.receipt.clone(),
            pieces: stock,
            cents: total,
        }
    }
}
