//! Each delivery ends in time.

use std::time::Duration;

use enact_signal_core::Envelope;

use super::{layer, send};
use crate::dispatch::target::shared;
use crate::dispatch::{DispatchError, Kind, Outcome, Target};

/// Gives each delivery so long, several at once together, and no longer.
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
        let sent = tokio::time::timeout(self.timeout, send(&self.inner, signals)).await;
        sent.unwrap_or_else(|_| shared(&Err(self.late()), signals.len()))
    }

    fn late(&self) -> DispatchError {
        let what = format!(
            "it did not answer within {:?}; it may have taken the signal nevertheless",
            self.timeout
        );
        DispatchError::new(Kind::Timeout, self.inner.name(), what)
    }
}
