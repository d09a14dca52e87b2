//! What a workflow adds to the same calls written by hand, with telemetry disabled: aims, at most
//! 25 ns a step, 60 with policies; a `parallel` of four at most 1.5 times `tokio::join!`.

use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use enact::prelude::*;
use enact::workflow::Plan;
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

workflow! {
    /// Adds five times.
    Five { a: u64 } -> u64 {
        step one = Add { a, b: 1 };
        step two = Add { a: one, b: 1 };
        step three = Add { a: two, b: 1 };
        step four = Add { a: three, b: 1 };
        step five = Add { a: four, b: 1 };
        five
    }
}

workflow! {
    /// Adds five times, carefully.
    Careful { a: u64 } -> u64 {
        step one = Add { a, b: 1 } with timeout("5s"), retry(times = 3);
        step two = Add { a: one, b: 1 } with timeout("5s"), retry(times = 3);
        step three = Add { a: two, b: 1 } with timeout("5s"), retry(times = 3);
        step four = Add { a: three, b: 1 } with timeout("5s"), retry(times = 3);
        step five = Add { a: four, b: 1 } with timeout("5s"), retry(times = 3);
        five
    }
}

workflow! {
    /// Adds nothing.
    One { a: u64 } -> u64 {
        let b = a;
        step five = Add { a: b, b: 1 };
        five
    }
}

workflow! {
    /// Adds four times at once.
    Four { a: u64 } -> u64 {
        parallel {
            step one = Add { a, b: 1 };
            step two = Add { a, b: 2 };
            step three = Add { a, b: 3 };
            step four = Add { a, b: 4 };
        }
        one + two + three + four
    }
}

/// Adds two numbers, a moment later.
#[derive(Debug, Action)]
#[action(effect = read)]
struct AddLater {
    /// The first.
    a: u64,
    /// The second.
    b: u64,
}

impl Run for AddLater {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        later().await;
        Ok(black_box(self.a) + black_box(self.b))
    }
}

/// Waits for one more poll.
async fn later() {
    let mut waited = false;
    poll_fn(|task| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

workflow! {
    /// Adds four times at once, a moment later.
    FourLater { a: u64 } -> u64 {
        parallel {
            step one = AddLater { a, b: 1 };
            step two = AddLater { a, b: 2 };
            step three = AddLater { a, b: 3 };
            step four = AddLater { a, b: 4 };
        }
        one + two + three + four
    }
}

async fn add_later(a: u64, b: u64, cx: &Context) -> Result<u64, Failure> {
    AddLater { a, b }.run(cx).await
}

async fn four_later(a: u64, cx: &Context) -> Result<u64, Failure> {
    let (one, two, three, four) = tokio::join!(
        add_later(a, 1, cx),
        add_later(a, 2, cx),
        add_later(a, 3, cx),
        add_later(a, 4, cx)
    );
    Ok(one? + two? + three? + four?)
}

async fn add(a: u64, b: u64, cx: &Context) -> Result<u64, Failure> {
    Add { a, b }.run(cx).await
}

async fn five(a: u64, cx: &Context) -> Result<u64, Failure> {
    let one = add(a, 1, cx).await?;
    let two = add(one, 1, cx).await?;
    let three = add(two, 1, cx).await?;
    let four = add(three, 1, cx).await?;
    add(four, 1, cx).await
}

async fn four(a: u64, cx: &Context) -> Result<u64, Failure> {
    let (one, two, three, four) =
        tokio::try_join!(add(a, 1, cx), add(a, 2, cx), add(a, 3, cx), add(a, 4, cx))?;
    Ok(one + two + three + four)
}

async fn four_joined(a: u64, cx: &Context) -> Result<u64, Failure> {
    let (one, two, three, four) =
        tokio::join!(add(a, 1, cx), add(a, 2, cx), add(a, 3, cx), add(a, 4, cx));
    Ok(one? + two? + three? + four?)
}

async fn four_executed(a: u64, cx: &Context) -> Result<u64, Failure> {
    let (one, two, three, four) = tokio::join!(
        Add { a, b: 1 }.exec(cx).into_future(),
        Add { a, b: 2 }.exec(cx).into_future(),
        Add { a, b: 3 }.exec(cx).into_future(),
        Add { a, b: 4 }.exec(cx).into_future()
    );
    Ok(one? + two? + three? + four?)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime of one thread needs nothing that could be missing");
    let _inside = runtime.enter();
    let cx = Context::new();
    steps(&cx);
    plan(&cx);
    arms(&cx);
}

fn steps(cx: &Context) {
    compare(
        "five trivial steps (a step is a fifth of the difference)",
        vec![
            Candidate::new("five async fn calls", || {
                black_box(now(five(1, cx)));
            }),
            Candidate::new("a workflow, run", || {
                black_box(now(Five { a: 1 }.run(cx)));
            }),
            Candidate::new("a workflow of one step, run", || {
                black_box(now(One { a: 1 }.run(cx)));
            }),
            Candidate::new("a workflow, exec", || {
                black_box(now(IntoFuture::into_future(Five { a: 1 }.exec(cx))));
            }),
            Candidate::new("a workflow with timeouts and retries", || {
                black_box(now(Careful { a: 1 }.run(cx)));
            }),
        ],
    );
}

fn plan(cx: &Context) {
    let steps: Vec<_> = (1..=5_u32)
        .map(|n| {
            let a = match n {
                1 => serde_json::json!({ "ref": "/params/a" }),
                n => serde_json::json!({ "ref": format!("/steps/s{}", n - 1) }),
            };
            serde_json::json!({ "step": format!("s{n}"), "action": "add", "params": { "a": a, "b": 1 } })
        })
        .collect();
    let plan = serde_json::json!({
        "enact": 1,
        "name": "five",
        "params": { "a": { "type": "integer", "minimum": 0 } },
        "steps": steps,
        "answer": { "ref": "/steps/s5" },
    });
    let plan = Plan::check(&plan, Registry::global()).expect("the plan is without mistakes");
    let inputs = serde_json::json!({ "a": 1 });
    compare(
        "five trivial steps of a plan",
        vec![
            Candidate::new("five times registry.call", || {
                for _ in 0..5 {
                    let params = serde_json::json!({ "a": 1, "b": 1 });
                    black_box(now(Registry::global().call("add", params, cx)));
                }
            }),
            Candidate::new("a plan, checked before", || {
                black_box(now(plan.run(&inputs, cx)));
            }),
        ],
    );
}

fn arms(cx: &Context) {
    compare(
        "four arms",
        vec![
            Candidate::new("tokio::join!", || {
                black_box(now(four_joined(1, cx)));
            }),
            Candidate::new("tokio::try_join!", || {
                black_box(now(four(1, cx)));
            }),
            Candidate::new("tokio::join! of four exec", || {
                black_box(now(four_executed(1, cx)));
            }),
            Candidate::new("parallel", || {
                black_box(now(Four { a: 1 }.run(cx)));
            }),
        ],
    );
    compare(
        "four arms that wait once",
        vec![
            Candidate::new("tokio::join!", || {
                black_box(now(four_later(1, cx)));
            }),
            Candidate::new("parallel", || {
                black_box(now(FourLater { a: 1 }.run(cx)));
            }),
        ],
    );
}

/// The answer of a future that needs nobody to wake it.
fn now<T>(future: impl Future<Output = Result<T, Failure>>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..2 {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
            return answer.ok();
        }
    }
    None
}
