//! Params that may be missing.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order, id: Option<u64>, text: Option<String> } -> u32 {
        branch found = if let Some(id) = id { step price = Price { of: id }; price } else { 0 };
        branch both = if let Some(note) = order.note && found > 0 { note.len() as u32 } else { 0 };
        branch if let (Some(text), Tier::Premium) = (&text, order.tier) { step Save { text: text.clone() }; }
        step rate = Rate { percent: 3, what: "goods".to_owned(), manner: "slow".into(), weight: 1.0 };
        found + both + rate
    }
}
