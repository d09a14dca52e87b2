//! Macros of the standard library read steps and params.

use enact::prelude::*;

use crate::shop::*;

fn assert_ne_price(one: u32, other: u32) -> u32 {
    one + other
}

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        step label = Label { line: format!("{price:>5} {} {0}", order.price) };
        let all = vec![label.clone(), format!("{label}"), String::new()];
        branch premium = if matches!(order.tier, Tier::Premium) && !matches!(price, 0 | 1) { 1 } else { 2 };
        branch long = if matches!(order.note, Some(ref label) if label.len() > all.len()) { 1 } else { 2 };
        let some = vec![label, order.lines[0]];
        branch if all.is_empty() { step Enter { amount: premium + long }; }
        step stock = Reserve { order: (all.len() + some.len()) as u64 };
        assert_ne_price(premium, price) + stock.id as u32
    }
}
