//! What `exec` adds to calling `run`: aim, at most 60 ns, with telemetry disabled.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use enact::prelude::*;
use enact_benches::{Candidate, compare};

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
        Ok(black_box(self.a) + black_box(self.b))
    }
}

/// Adds two small numbers.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "5s", retry(times = 3))]
struct AddCarefully {
    /// The first.
    #[param(max = 1000)]
    a: u64,
    /// The second.
    #[param(max = 1000)]
    b: u64,
}

impl Run for AddCarefully {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(black_box(self.a) + black_box(self.b))
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime of one thread needs nothing that could be missing");
    let _inside = runtime.enter();
    let cx = Context::new();
    let (child, _token) = cx.child();
    compare(
        "exec of a trivial action",
        vec![
            Candidate::new("run, called directly", || {
                black_box(now(Add { a: 1, b: 2 }.run(&cx)));
            }),
            Candidate::new("exec", || {
                black_box(now(IntoFuture::into_future(Add { a: 1, b: 2 }.exec(&cx))));
            }),
            Candidate::new("exec, cancellable context", || {
                black_box(now(IntoFuture::into_future(
                    Add { a: 1, b: 2 }.exec(&child),
                )));
            }),
            Candidate::new("exec, with rules, timeout and retries", || {
                let exec = AddCarefully { a: 1, b: 2 }.exec(&cx);
                black_box(now(IntoFuture::into_future(exec)));
            }),
        ],
    );
}

/// The answer of a future that has it at once.
fn now<T>(future: impl Future<Output = Result<T, Failure>>) -> Option<T> {
    match pin!(future).poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.ok(),
        Poll::Pending => None,
    }
}
