#![deny(warnings)]
//! A workflow may run itself where some runs do not.
mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Counts down.
    pub(crate) Count { depth: u32 } -> u32 {
        branch rest = if depth > 0 { step rest = Count { depth: depth - 1 }; rest } else { 0 };
        step Enter { amount: rest };
        rest + 1
    }
}

fn main() {}
