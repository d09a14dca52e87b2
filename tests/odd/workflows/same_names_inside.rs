//! Closures, patterns and inner blocks have names of their own.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        let sum: u32 = order.lines.iter().map(|price| price.len() as u32).sum();
        let most = { let price = price + 1; price.max(sum) };
        branch note = match order.note {
            Some(price) if price.is_empty() => 0,
            Some(price) => { step saved = Save { text: price }; saved as u32 }
            None => price,
        };
        parallel for price in order.lines, max = 2 { step Save { text: price }; }
        let (a, b) = (|price: u32| price + 1, |price: u32| { let price = price; price });
        a(note) + b(most)
    }
}
