//! Executing a trivial action allocates nothing, and a step of a workflow nothing more.

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

workflow! {
    /// Adds once.
    Once { n: u64 } -> u64 {
        step a = Add { a: n, b: 1 };
        a
    }
}

workflow! {
    /// Adds five times.
    FiveTimes { n: u64 } -> u64 {
        step a = Add { a: n, b: 1 };
        step b = Add { a, b: 1 };
        step c = Add { a: b, b: a };
        step d = Add { a: c, b: b };
        step e = Add { a: d, b: c };
        e
    }
}

fn allocations<A: Action<Output = u64>>(action: impl Fn() -> A, answer: u64) -> u64 {
    let cx = Context::new();
    let exec = || {
        let run = pin!(IntoFuture::into_future(action().exec(&cx)));
        match run.poll(&mut Task::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.ok(),
            Poll::Pending => None,
        }
    };
    assert_eq!(exec(), Some(answer));
    let counted = allocation_counter::measure(|| assert_eq!(exec(), Some(answer)));
    counted.count_total
}

#[test]
fn five_steps_allocate_no_more_than_one() {
    let one = allocations(|| Once { n: 1 }, 2);
    let five = allocations(|| FiveTimes { n: 1 }, 13);
    assert_eq!((one, five), (0, 0));
}
