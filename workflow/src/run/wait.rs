//! Letting time pass, waiting for signals, sending them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use enact_action_core::Failure;
use enact_signal_core::Signal;

use super::Scope;
use crate::event::What;
use crate::signals::Signals;

impl Scope<'_> {
    /// Lets time pass.
    ///
    /// # Errors
    /// Where the run is stopped meanwhile.
    pub async fn sleep(&self, node: u32, time: Duration) -> Result<(), Failure> {
        let slept = match self.root.journal() {
            None => {
                self.tell(node, || What::Sleeping { time });
                self.unless_stopped(tokio::time::sleep(time)).await
            }
            Some(journal) => Box::pin(self.journaled_sleep(journal, node, time)).await,
        };
        slept.map_err(|failure| self.failure_at(node, failure))
    }

    /// Waits for the first signal of that type that matches and that this run has not had yet.
    ///
    /// # Errors
    /// `timeout.wait`, where none comes in time; where the context has no [`Signals`].
    pub async fn wait<S: Signal>(
        &self,
        node: u32,
        timeout: Option<Duration>,
        matches: impl Fn(&S, Option<&str>) -> bool + Send + Sync,
    ) -> Result<S, Failure> {
        if let Some(journal) = self.root.journal() {
            return Box::pin(self.journaled_wait(journal, node, timeout, matches)).await;
        }
        self.tell(node, || What::Waiting {
            signal: S::TYPE.to_owned(),
        });
        let waited = self.next_signal(timeout, matches).await;
        let signal = waited.map_err(|failure| self.failed(node, failure))?;
        self.tell(node, || What::Received {
            signal: S::TYPE.to_owned(),
        });
        Ok(signal)
    }

    async fn next_signal<S: Signal>(
        &self,
        timeout: Option<Duration>,
        matches: impl Fn(&S, Option<&str>) -> bool + Send + Sync,
    ) -> Result<S, Failure> {
        let signals: &Signals = self.root.cx.resource()?;
        let next = signals.next(matches, |place| self.root.take(place));
        self.in_time::<S, _>(timeout, next).await
    }

    async fn in_time<S: Signal, T>(
        &self,
        timeout: Option<Duration>,
        next: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let Some(timeout) = timeout else {
            return self.unless_stopped(next).await;
        };
        let timed = self
            .unless_stopped(tokio::time::timeout(timeout, next))
            .await?;
        timed.map_err(|_| no_signal::<S>(timeout))
    }

    pub(super) async fn unless_stopped<T>(
        &self,
        future: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let mut future = pin!(future);
        poll_fn(|task| match self.block.stopped() {
            Some(stop) => Poll::Ready(Err(stop.failure())),
            None => future.as_mut().poll(task).map(Ok),
        })
        .await
    }
}

/// The failure of a wait that was in vain.
pub(super) fn no_signal<S: Signal>(timeout: Duration) -> Failure {
    let message = format!("no signal `{}` came within {timeout:?}", S::TYPE);
    Failure::timeout("timeout.wait", false, message)
}
