//! Drives attempts: timers, cancellation, waits, and the undo at the end.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::attempt::Attempt;
use super::guard;
use super::retry;
use crate::context::Context;
use crate::failure::{Failure, Undone};
use crate::spec::Policy;

/// Runs attempts until one answers or no more may be made, then undoes what failed.
pub(crate) async fn drive<O>(
    attempt: &dyn Attempt<O>,
    policy: &Policy,
    cx: &Context,
) -> Result<O, Failure> {
    let cx = match policy
        .deadline
        .and_then(|deadline| Instant::now().checked_add(deadline))
    {
        Some(deadline) => cx.clone().until(deadline),
        None => cx.clone(),
    };
    if cx.is_cancelled() {
        return Err(Failure::cancelled());
    }
    if cx
        .deadline()
        .is_some_and(|deadline| deadline <= Instant::now())
    {
        let message = "the deadline had passed before the action began";
        return Err(Failure::timeout("timeout.deadline", false, message));
    }
    match attempts(attempt, policy, &cx).await {
        Ok(output) => Ok(output),
        Err(failure) => Err(undo(attempt, policy, &cx, failure).await),
    }
}

async fn attempts<O>(
    attempt: &dyn Attempt<O>,
    policy: &Policy,
    cx: &Context,
) -> Result<O, Failure> {
    let mut n = 1;
    loop {
        let here = cx.clone().at_attempt(n);
        let failure = match once(attempt, policy, &here).await {
            Ok(output) => return Ok(output),
            Err(failure) => failure.after(n),
        };
        let left = cx
            .deadline()
            .map(|deadline| deadline.duration_since(Instant::now()));
        let Some(wait) = retry::wait(policy.retry, n, &failure, left, fastrand::f64()) else {
            return Err(failure);
        };
        tracing::debug!(target: crate::telemetry::TARGET, attempt = n, ?wait, %failure, "retry");
        tokio::select! {
            biased;
            () = cx.cancelled() => return Err(Failure::cancelled().after(n)),
            () = sleep(wait) => n += 1,
        }
    }
}

/// Which bound an attempt runs into first.
#[derive(Clone, Copy)]
struct Bound {
    at: Instant,
    code: &'static str,
}

impl Bound {
    fn of(policy: &Policy, cx: &Context) -> Option<Self> {
        let timeout = policy.timeout.and_then(|timeout| {
            Some(Self {
                at: Instant::now().checked_add(timeout)?,
                code: "timeout.attempt",
            })
        });
        let deadline = cx.deadline().map(|at| Self {
            at,
            code: "timeout.deadline",
        });
        match (timeout, deadline) {
            (Some(timeout), Some(deadline)) if deadline.at <= timeout.at => Some(deadline),
            (Some(timeout), _) => Some(timeout),
            (None, deadline) => deadline,
        }
    }

    fn failure(self, policy: &Policy) -> Failure {
        match policy.timeout.filter(|_| self.code == "timeout.attempt") {
            Some(timeout) => {
                Failure::timeout(self.code, true, format!("no answer within {timeout:?}"))
            }
            None => Failure::timeout(self.code, false, "no answer before the deadline"),
        }
    }
}

async fn once<O>(attempt: &dyn Attempt<O>, policy: &Policy, cx: &Context) -> Result<O, Failure> {
    let bound = Bound::of(policy, cx);
    let mut run = pin!(guard::catch(attempt.run(cx)));
    // Many runs answer at once; those need no timer.
    if let Poll::Ready(answer) = poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await {
        return answer;
    }
    let ring = async {
        match bound {
            Some(bound) => sleep_until(bound.at).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        answer = run.as_mut() => answer,
        () = cx.cancelled() => finish(run, policy.grace).await,
        () = ring => Err(bound.map_or_else(Failure::cancelled, |bound| bound.failure(policy))),
    }
}

/// Lets a cancelled run that watches for it finish by itself, for as long as the grace lasts.
async fn finish<O>(
    mut run: Pin<&mut impl Future<Output = Result<O, Failure>>>,
    grace: Duration,
) -> Result<O, Failure> {
    // It has not been polled since the cancellation: once it must be, to see it.
    if let Poll::Ready(answer) = poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await {
        return answer;
    }
    match grace {
        Duration::ZERO => Err(Failure::cancelled()),
        grace => timeout(grace, run)
            .await
            .unwrap_or_else(|_| Err(Failure::cancelled())),
    }
}

/// Undoes once; the failure stays what it was and carries what came of the undo.
async fn undo<O>(
    attempt: &dyn Attempt<O>,
    policy: &Policy,
    cx: &Context,
    failure: Failure,
) -> Failure {
    let cx = cx.free();
    let Some(undo) = attempt.undo(&cx) else {
        return failure;
    };
    let bounded = timeout(policy.undo_timeout, guard::catch(undo)).await;
    let undone = match bounded {
        Ok(Ok(())) => Undone::Done,
        Ok(Err(failure)) => Undone::Failed(failure),
        Err(_) => {
            let message = format!("the undo did not end within {:?}", policy.undo_timeout);
            Undone::Failed(Failure::timeout("timeout.undo", false, message))
        }
    };
    failure.with_undone(undone)
}
