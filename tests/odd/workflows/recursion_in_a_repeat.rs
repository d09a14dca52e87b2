//! A workflow may run itself in a `repeat`, whose condition may hold at once.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Counts down.
    pub(crate) Count { depth: u32 } -> u32 {
        step price = Price { of: 3 };
        repeat max 3 { step rest = Self { depth: depth + price }; } until rest > 3;
        3
    }
}
