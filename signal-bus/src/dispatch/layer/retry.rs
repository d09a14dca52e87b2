//! What failed is tried again.

use enact_signal_core::Envelope;
use tokio::time::{Instant, sleep};

use super::{Backoff, layer, send};
use crate::dispatch::{Outcome, Target};

/// Tries again what failed and may not fail again, as a [`Backoff`] says.
///
/// Of several signals only those that failed go again, so they arrive behind the others.
#[derive(Clone, Debug)]
pub struct Retry<T> {
    inner: T,
    backoff: Backoff,
    dice: fn() -> f64,
}

layer!(Retry, |layer| layer.inner.check());

impl<T: Target> Retry<T> {
    /// Around that target.
    pub fn new(inner: T, backoff: Backoff) -> Self {
        Self {
            inner,
            backoff,
            dice: fastrand::f64,
        }
    }

    #[cfg(test)]
    pub(super) fn dice(self, dice: fn() -> f64) -> Self {
        Self { dice, ..self }
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let begun = Instant::now();
        let mut outcomes = send(&self.inner, signals).await;
        let mut made = 1;
        loop {
            let failed = retryable(&outcomes);
            let hints = failed.iter().filter_map(|at| hint(&outcomes[*at]));
            let hint = hints.max();
            if failed.is_empty() {
                return outcomes;
            }
            let dice = (self.dice)();
            let Some(wait) = self.backoff.wait(made, begun.elapsed(), hint, dice) else {
                return outcomes;
            };
            sleep(wait).await;
            made += 1;
            let again: Vec<Envelope> = failed.iter().map(|at| signals[*at].clone()).collect();
            let answers = send(&self.inner, &again).await;
            for (at, outcome) in failed.into_iter().zip(answers) {
                outcomes[at] = outcome.map_err(|error| error.after(made));
            }
        }
    }
}

fn retryable(outcomes: &[Outcome]) -> Vec<usize> {
    let failed = |outcome: &Outcome| matches!(outcome, Err(error) if error.is_retryable());
    let numbered = outcomes.iter().enumerate();
    numbered
        .filter(|(_, outcome)| failed(outcome))
        .map(|(at, _)| at)
        .collect()
}

fn hint(outcome: &Outcome) -> Option<std::time::Duration> {
    outcome.as_ref().err()?.wait()
}
