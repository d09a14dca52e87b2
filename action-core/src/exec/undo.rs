//! Undoing one action: bounded, tried again as its policy says.

use tokio::time::{sleep, timeout};

use super::attempt::Attempt;
use super::{guard, retry};
use crate::action::BoxFuture;
use crate::context::Context;
use crate::failure::{Failure, Undone};
use crate::spec::Policy;

/// Undoes, and says what came of it; nothing, where there is no undo.
pub async fn undo<O>(
    attempt: &dyn Attempt<O>,
    output: Option<&O>,
    policy: &Policy,
    cx: &Context,
) -> Option<Undone> {
    let cx = cx.free();
    let mut n = 1;
    loop {
        let here = cx.clone().at_attempt(n);
        let failure = match once(attempt.undo(output, &here)?, policy).await {
            Ok(()) => return Some(Undone::Done),
            Err(failure) => failure.after(n),
        };
        let Some(wait) = retry::wait(policy.undo_retry, n, &failure, None, fastrand::f64()) else {
            return Some(Undone::Failed(failure));
        };
        tracing::warn!(target: crate::telemetry::TARGET, attempt = n, ?wait, %failure, "undo failed");
        sleep(wait).await;
        n += 1;
    }
}

async fn once(undo: BoxFuture<'_, Result<(), Failure>>, policy: &Policy) -> Result<(), Failure> {
    let bounded = timeout(policy.undo_timeout, guard::catch(undo)).await;
    bounded.unwrap_or_else(|_| {
        let message = format!("the undo did not end within {:?}", policy.undo_timeout);
        Err(Failure::timeout("timeout.undo", true, message))
    })
}
