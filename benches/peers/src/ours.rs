//! The steps as a workflow of Enact.

use std::hint::black_box;

use enact::prelude::*;

/// Adds two numbers.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Add {
    /// The first.
    a: u64,
    /// The second.
    b: u64,
}

impl Run for Add {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        let sum = black_box(self.a).checked_add(black_box(self.b));
        sum.ok_or_else(|| Failure::terminal("add.too_large", "the sum is too large"))
    }
}

workflow! {
    /// Adds five times.
    AddFive { a: u64 } -> u64 {
        step one = Add { a, b: 1 };
        step two = Add { a: one, b: 1 };
        step three = Add { a: two, b: 1 };
        step four = Add { a: three, b: 1 };
        step five = Add { a: four, b: 1 };
        five
    }
}

/// The workflow, and the context it runs in.
#[derive(Default)]
pub(crate) struct Five(Context);

impl Five {
    pub(crate) async fn run(&self, a: u64) -> Option<u64> {
        AddFive { a }.run(&self.0).await.ok()
    }
}
