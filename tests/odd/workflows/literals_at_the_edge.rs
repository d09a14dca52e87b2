//! Literals that are just allowed.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    pub(crate) TakeOrder { order: Order } -> u32 {
        step a = Rate { percent: 1, what: "ab".to_owned(), manner: "fast".to_owned(), weight: 0.5 };
        step b = Rate { percent: 100, what: "äöüäöüäö".into(), manner: String::from("slow"), weight: 2.5 };
        a + b + order.price
    }
}
