//! The steps without any crate: as async fns, and as a chain of boxed traits.

use std::hint::black_box;

use async_trait::async_trait;

async fn add(a: u64, b: u64) -> Option<u64> {
    black_box(a).checked_add(black_box(b))
}

/// Five calls.
pub(crate) async fn five(a: u64) -> Option<u64> {
    let one = add(a, 1).await?;
    let two = add(one, 1).await?;
    let three = add(two, 1).await?;
    let four = add(three, 1).await?;
    add(four, 1).await
}

/// A step whose type is erased.
#[async_trait]
pub(crate) trait Step: Send + Sync {
    async fn run(&self, a: u64) -> Option<u64>;
}

struct Add(u64);

#[async_trait]
impl Step for Add {
    async fn run(&self, a: u64) -> Option<u64> {
        add(a, self.0).await
    }
}

/// Five steps in a row.
pub(crate) fn chain() -> Vec<Box<dyn Step>> {
    std::iter::repeat_with(|| Box::new(Add(1)) as Box<dyn Step>)
        .take(5)
        .collect()
}

/// Each step in turn.
pub(crate) async fn follow(chain: &[Box<dyn Step>], mut a: u64) -> Option<u64> {
    for step in chain {
        a = step.run(a).await?;
    }
    Some(a)
}
