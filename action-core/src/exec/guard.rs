//! Keeps a panic inside the run that it happened in.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::failure::Failure;
use crate::params::Violations;

/// Reads or checks; a panic on the way is a failure, as it is in a run.
///
/// # Errors
/// The violations, or the panic.
pub fn check<T>(check: impl FnOnce() -> Result<T, Violations>) -> Result<T, Failure> {
    // Unwind safety: what panicked is not looked at again.
    match catch_unwind(AssertUnwindSafe(check)) {
        Ok(answer) => answer.map_err(Failure::from),
        Err(payload) => Err(Failure::panicked(message(payload.as_ref()))),
    }
}

/// Runs to the end; a panic on the way is a failure that keeps the panic's message.
///
/// Give it what is pinned already: a future that is moved in takes its room twice.
///
/// # Errors
/// What the run fails with, or the panic.
pub async fn catch<T>(run: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut run = pin!(run);
    // Unwind safety: after a panic the future is not polled again, only dropped.
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(cx))) {
            Ok(poll) => poll.map(|answer| answer.map_err(Failure::inside)),
            Err(payload) => Poll::Ready(Err(Failure::panicked(message(payload.as_ref())))),
        },
    )
    .await
}

fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "the panic had no message".to_owned()
    }
}
