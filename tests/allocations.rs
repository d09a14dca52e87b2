//! Executing a trivial action allocates nothing.

use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use enact::prelude::*;

/// Adds two numbers.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Add {
    /// The first.
    #[param(max = 1000)]
    a: u64,
    /// The second.
    b: u64,
}

impl Run for Add {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(self.a + self.b)
    }
}

#[test]
fn exec_without_a_policy_allocates_nothing() {
    let cx = Context::new();
    let exec = || {
        let run = pin!(IntoFuture::into_future(Add { a: 1, b: 2 }.exec(&cx)));
        match run.poll(&mut Task::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.ok(),
            Poll::Pending => None,
        }
    };
    assert_eq!(exec(), Some(3));
    let counted = allocation_counter::measure(|| assert_eq!(exec(), Some(3)));
    assert_eq!(counted.count_total, 0);
}
