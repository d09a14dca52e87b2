//! A target that fails too often is left alone for a while.

use std::sync::{Mutex, PoisonError};

use enact_signal_core::Envelope;
use tokio::time::Instant;

use super::trip::{Circuit, Pass, Trip, Verdict};
use super::{layer, send};
use crate::dispatch::target::shared;
use crate::dispatch::{DispatchError, Kind, Outcome, Target};

/// Leaves a target alone for a while when it has failed too often, then lets a few probes through,
/// and closes when they succeed.
///
/// Only what says that the target is not well counts as a failure: it was not reached, did not answer,
/// was busy, or failed. One that refuses a signal as wrong is well. What is not let through fails with
/// [`Kind::Open`], which says when to come back.
#[derive(Debug)]
pub struct Breaker<T> {
    inner: T,
    circuit: Mutex<Circuit>,
    made: Instant,
}

layer!(Breaker, |layer| layer.inner.check());

impl<T: Target> Breaker<T> {
    /// Around that target.
    pub fn new(inner: T, trip: Trip) -> Self {
        Self {
            inner,
            circuit: Mutex::new(Circuit::new(trip)),
            made: Instant::now(),
        }
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let admitted = self.with(Circuit::admit);
        let pass = match admitted {
            Ok(pass) => pass,
            Err(wait) => {
                let what = "it has failed too often and is left alone; retry later";
                let open = DispatchError::new(Kind::Open, self.inner.name(), what);
                return shared(&Err(open.retry_after(wait)), signals.len());
            }
        };
        let mut probe = Probe {
            breaker: self,
            pass,
            verdict: Verdict::Nothing,
        };
        let outcomes = send(&self.inner, signals).await;
        probe.verdict = verdict(&outcomes);
        outcomes
    }

    fn with<R>(&self, change: impl FnOnce(&mut Circuit, std::time::Duration) -> R) -> R {
        let mut circuit = self.circuit.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut circuit, self.made.elapsed())
    }
}

/// Says what came of a delivery, also of one that was dropped.
struct Probe<'a, T: Target> {
    breaker: &'a Breaker<T>,
    pass: Pass,
    verdict: Verdict,
}

impl<T: Target> Drop for Probe<'_, T> {
    fn drop(&mut self) {
        let (pass, verdict) = (self.pass, self.verdict);
        self.breaker
            .with(|circuit, now| circuit.record(now, pass, verdict));
    }
}

fn verdict(outcomes: &[Outcome]) -> Verdict {
    let reached = |outcome: &Outcome| match outcome {
        Ok(()) => true,
        Err(error) => matches!(error.kind(), Kind::Refused | Kind::Gone),
    };
    let ill = |outcome: &Outcome| matches!(outcome, Err(error) if error.kind().is_ill());
    if outcomes.iter().any(ill) {
        return Verdict::Ill;
    }
    if outcomes.iter().any(reached) {
        Verdict::Well
    } else {
        Verdict::Nothing
    }
}
