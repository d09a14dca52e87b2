//! Drives attempts: timers, cancellation, waits, and the undo at the end.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::attempt::{Attempt, First, Tell};
use super::guard;
use super::retry;
use super::undo::undo;
use crate::context::Context;
use crate::failure::Failure;
use crate::spec::{Policy, Spec};

/// Runs attempts until one answers or no more may be made, then undoes what failed.
pub(crate) async fn drive<O>(
    attempt: &dyn Attempt<O>,
    first: First<'_, O>,
    policy: &Policy,
    cx: &Context,
    tell: Option<Tell<'_>>,
) -> Result<O, Failure> {
    let cx = match policy
        .deadline
        .and_then(|deadline| Instant::now().checked_add(deadline))
    {
        Some(deadline) => cx.clone().until(deadline),
        None => cx.clone(),
    };
    if matches!(first, First::Not) {
        may_begin(&cx)?;
    }
    let failure = match attempts(attempt, first, policy, &cx, tell).await {
        Ok(output) => return Ok(output),
        Err(failure) => failure,
    };
    match Box::pin(undo(attempt, None, policy, &cx.undoing())).await {
        Some(undone) => Err(failure.with_undone(undone)),
        None => Err(failure),
    }
}

fn may_begin(cx: &Context) -> Result<(), Failure> {
    if cx.is_cancelled() {
        return Err(Failure::cancelled());
    }
    match cx.deadline() {
        Some(deadline) if deadline <= Instant::now() => {
            let message = "the deadline had passed before the action began";
            Err(Failure::timeout("timeout.deadline", false, message))
        }
        _ => Ok(()),
    }
}

async fn attempts<O>(
    attempt: &dyn Attempt<O>,
    mut first: First<'_, O>,
    policy: &Policy,
    cx: &Context,
    tell: Option<Tell<'_>>,
) -> Result<O, Failure> {
    let mut n = 1;
    loop {
        let here = cx.clone().at_attempt(n);
        let answer = match std::mem::replace(&mut first, First::Not) {
            First::Not | First::Recorded if attempt.spec().ends_itself => {
                by_itself(attempt, policy, &here).await
            }
            First::Not | First::Recorded => once(attempt, policy, &here).await,
            First::Waits(run) => bounded(run, attempt.spec(), policy, &here).await,
            First::Failed(failure) => Err(failure),
        };
        let mut failure = match answer {
            Ok(output) => return Ok(output),
            Err(failure) => failure.after(n),
        };
        // What has not gone back is not to be done again.
        if let Some(unfinished) = failure.take_unfinished() {
            return Err(failure.with_unfinished(unfinished));
        }
        let left = cx
            .deadline()
            .map(|deadline| deadline.duration_since(Instant::now()));
        let Some(wait) = retry::wait(policy.retry, n, &failure, left, fastrand::f64()) else {
            return Err(failure);
        };
        tracing::debug!(target: crate::telemetry::TARGET, attempt = n, ?wait, %failure, "retry");
        if let Some(tell) = tell {
            tell(n, wait, &failure);
        }
        tokio::select! {
            biased;
            () = cx.cancelled() => return Err(Failure::cancelled().after(n)),
            () = sleep(wait) => n += 1,
        }
        // The timer may have woken late.
        if cx
            .deadline()
            .is_some_and(|deadline| deadline <= Instant::now())
        {
            return Err(failure);
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

    /// The failure of a run that ended itself: what it takes for its deadline may be this attempt's
    /// timeout. One that could not go back is not made again.
    fn of_itself(self, mut failure: Failure, policy: &Policy) -> Failure {
        if failure.code() != "timeout.deadline" || Instant::now() < self.at {
            return failure;
        }
        if let Some(unfinished) = failure.take_unfinished() {
            return failure.with_unfinished(unfinished);
        }
        let mut own = self.failure(policy);
        if let Some(undone) = failure.take_undone() {
            own = own.with_undone(undone);
        }
        match failure.step() {
            Some(step) => own.at_step(step),
            None => own,
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

/// Runs what sees its bounds by itself, and so is never dropped midway.
async fn by_itself<O>(
    attempt: &dyn Attempt<O>,
    policy: &Policy,
    cx: &Context,
) -> Result<O, Failure> {
    let bound = Bound::of(policy, cx);
    let cx = match bound {
        Some(bound) => cx.clone().until(bound.at),
        None => cx.clone(),
    };
    let answer = guard::catch(attempt.run(&cx)).await;
    answer.map_err(|failure| match bound {
        Some(bound) => bound.of_itself(failure, policy),
        None => failure,
    })
}

async fn once<O>(attempt: &dyn Attempt<O>, policy: &Policy, cx: &Context) -> Result<O, Failure> {
    let mut run = pin!(guard::catch(attempt.run(cx)));
    // Many runs answer at once; those need no timer.
    if let Poll::Ready(answer) = poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await {
        return answer;
    }
    bounded(run, attempt.spec(), policy, cx).await
}

/// Waits for a run that has begun, within its bounds.
async fn bounded<O>(
    run: Pin<&mut (impl Future<Output = Result<O, Failure>> + ?Sized)>,
    spec: &Spec,
    policy: &Policy,
    cx: &Context,
) -> Result<O, Failure> {
    let mut run = run;
    if spec.ends_itself {
        return run.await;
    }
    let bound = Bound::of(policy, cx);
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
    mut run: Pin<&mut (impl Future<Output = Result<O, Failure>> + ?Sized)>,
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
