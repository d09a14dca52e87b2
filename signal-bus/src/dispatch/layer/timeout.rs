//! Each delivery ends in time.

use std::time::Duration;

use enact_signal_core::Envelope;

use super::{layer, send};
use crate::dispatch::target::shared;
use crate::dispatch::{DispatchError, Kind, Outcome, Target};

/// So many that are late one after the other say that the target does not answer at all.
const LATE: u32 = 2;

/// Gives each delivery so long, and no longer.
///
/// Several that the target has under way [together](Target::is_joint) have that time together. Where they go one by
/// one, each has it for itself, and what was delivered is delivered whatever becomes of the others. When two in
/// succession are late, those behind them are not sent any more and count as late.
#[derive(Clone, Debug)]
pub struct Timeout<T> {
    inner: T,
    timeout: Duration,
}

layer!(Timeout, |layer| Box::pin(async {
    let checked = tokio::time::timeout(layer.timeout, layer.inner.check()).await;
    checked.unwrap_or_else(|_| Err(layer.late()))
}));

impl<T: Target> Timeout<T> {
    /// Around that target.
    pub fn new(inner: T, timeout: Duration) -> Self {
        Self { inner, timeout }
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        if self.inner.is_joint() {
            let sent = tokio::time::timeout(self.timeout, send(&self.inner, signals)).await;
            return sent.unwrap_or_else(|_| shared(&Err(self.late()), signals.len()));
        }
        let mut outcomes = Vec::with_capacity(signals.len());
        let mut late = 0;
        for signal in signals {
            if late == LATE {
                outcomes.push(Err(self.left()));
                continue;
            }
            let sent = tokio::time::timeout(self.timeout, self.inner.deliver(signal)).await;
            late = if sent.is_err() { late + 1 } else { 0 };
            outcomes.push(sent.unwrap_or_else(|_| Err(self.late())));
        }
        outcomes
    }

    fn late(&self) -> DispatchError {
        let what = format!(
            "it did not answer within {:?}; it may have taken the signal nevertheless",
            self.timeout
        );
        DispatchError::new(Kind::Timeout, self.inner.name(), what)
    }

    fn left(&self) -> DispatchError {
        let what = "it did not answer to those before, so this one was not sent; retry";
        DispatchError::new(Kind::Timeout, self.inner.name(), what)
    }
}
