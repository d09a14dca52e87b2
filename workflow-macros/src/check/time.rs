//! Times against the deadline of the whole.

use std::time::Duration;

use enact_macro_support::Diag;
use enact_macro_support::duration::written;
use quote::ToTokens as _;

use super::walk::{Item, walk};
use crate::model::{Statement, Time, With, Workflow};

pub(super) fn check(workflow: &Workflow, diag: &mut Diag) {
    let Some((deadline, _)) = workflow.keys.deadline else {
        return;
    };
    walk(&workflow.body, &mut |item, _| {
        let Item::Statement(statement) = item else {
            return;
        };
        let (time, tokens, what) = match statement {
            Statement::Step(step) => match (&step.with.timeout, longest(&step.with)) {
                (Some((_, key)), Some(time)) => (time, key.to_token_stream(), "this step may take"),
                _ => return,
            },
            Statement::Sleep(sleep) => match &sleep.time {
                Time::Known(time, expr) => (*time, expr.to_token_stream(), "this sleeps"),
                Time::Computed(_) => return,
            },
            Statement::Wait(wait) => match &wait.timeout {
                Some((time, expr)) => (*time, expr.to_token_stream(), "this may wait"),
                None => return,
            },
            Statement::Branch(_)
            | Statement::Parallel(_)
            | Statement::FanOut(_)
            | Statement::Repeat(_)
            | Statement::Let(_)
            | Statement::Emit(_)
            | Statement::Stop(_) => return,
        };
        if time > deadline {
            diag.note(
                tokens,
                format!(
                    "{what} {}, and the deadline of the whole workflow is {}: shorten this or \
                     lengthen the deadline",
                    written(time),
                    written(deadline)
                ),
            );
        }
    });
}

/// All attempts and the longest waits between them.
fn longest(with: &With) -> Option<Duration> {
    let (timeout, _) = with.timeout.as_ref()?;
    let Some((retry, _)) = &with.retry else {
        return Some(*timeout);
    };
    let mut time = timeout.saturating_mul(retry.times.saturating_add(1));
    let (mut wait, most) = retry.backoff.unwrap_or_default();
    for _ in 0..retry.times {
        time = time.saturating_add(wait.min(most));
        wait = wait.saturating_mul(2);
    }
    Some(time)
}
