//! A workflow may run itself where some runs do not.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Counts down.
    pub(crate) Count { depth: u32 } -> u32 {
        branch rest = if depth > 0 { step rest = Count { depth: depth - 1 }; rest } else { 0 };
        step Enter { amount: rest };
        rest + 1
    }
}
