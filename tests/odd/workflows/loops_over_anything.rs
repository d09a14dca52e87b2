//! Ranges, lists, iterators and what loops have made.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        parallel a = for number in 0..3, max = 2 { step price = Price { of: number }; price };
        parallel b = for number in 1..=order.id, max = 2 { step price = Price { of: number }; price };
        parallel c = for (index, line) in order.lines.iter().enumerate(), max = 8 {
            step label = Label { line };
            format!("{index}{label}")
        };
        parallel d = for line in c, max = 1024 { step label = Label { line }; label.len() };
        parallel for (one, other) in a.iter().zip(&b), max = 3 { step Enter { amount: one + other }; }
        let numbers = [1_u64, 2, 3];
        parallel e = for of in numbers.into_iter().filter(|it| *it > 1), max = 2 { step price = Price { of }; price };
        a.iter().chain(&b).chain(&e).sum::<u32>() + d.len() as u32
    }
}
