//! Arms that are collected, and arms that are tasks.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        parallel collect { step a = Price { of: 1 }; step b = Enter { amount: 1 }; }
        parallel spawn { step c = Price { of: order.id }; d = { step label = Label { line: order.note.clone().unwrap_or_default() }; label.len() }; }
        parallel collect spawn e = for line in order.lines, max = 2 { step label = Label { line }; label };
        let failed = e.iter().filter(|it| it.is_err()).count();
        let first = a.map_or(0, |price| *price);
        c + first + b.is_ok() as u32 + (d + failed) as u32
    }
}
