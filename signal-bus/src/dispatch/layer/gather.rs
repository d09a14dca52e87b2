//! What comes at nearly the same time goes together.

use std::collections::VecDeque;
use std::sync::{Mutex as Lock, PoisonError};
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::sync::{Mutex, oneshot};
use tokio::time::sleep;

use super::{layer, send};
use crate::dispatch::{DispatchError, Kind, Outcome, Target};

/// How signals are gathered before they go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gather {
    /// Signals of one batch at most; 100 by default.
    pub most: usize,
    /// How long the first one waits for company; 5 ms by default.
    pub linger: Duration,
    /// Signals that wait at most; what comes beyond is refused. 10 000 by default.
    pub waiting: usize,
}

impl Default for Gather {
    fn default() -> Self {
        Self {
            most: 100,
            linger: Duration::from_millis(5),
            waiting: 10_000,
        }
    }
}

/// Delivers together what comes at nearly the same time, one batch after the other.
///
/// There is no task behind it: of those who wait for their delivery, one sends for all. If that one is
/// dropped while it sends, the others hear of it with a failure that can be retried.
#[derive(Debug)]
pub struct Batch<T> {
    inner: T,
    gather: Gather,
    queue: Lock<Queue>,
    turn: Mutex<()>,
}

layer!(Batch, |layer| layer.inner.check());

/// What waits, in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Queue(VecDeque<Waiting>);

#[derive(Debug)]
pub(super) struct Waiting {
    signal: Envelope,
    answer: oneshot::Sender<Outcome>,
}

/// Whether whoever has come is to send, or to wait for company first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Send,
    Wait,
    /// There is no room.
    Refuse,
}

impl Queue {
    /// Lets one more in.
    pub(super) fn enter(
        &mut self,
        gather: &Gather,
        signal: Envelope,
        answer: oneshot::Sender<Outcome>,
    ) -> Next {
        // Whoever was dropped while waiting wants nothing any more.
        self.0.retain(|waiting| !waiting.answer.is_closed());
        if self.0.len() >= gather.waiting.max(1) {
            return Next::Refuse;
        }
        self.0.push_back(Waiting { signal, answer });
        if self.0.len() >= gather.most.max(1) {
            Next::Send
        } else {
            Next::Wait
        }
    }

    /// What goes next, at most so many.
    pub(super) fn take(&mut self, most: usize) -> Vec<Waiting> {
        self.0.retain(|waiting| !waiting.answer.is_closed());
        let count = self.0.len().min(most.max(1));
        self.0.drain(..count).collect()
    }
}

impl<T: Target> Batch<T> {
    /// Around that target.
    pub fn new(inner: T, gather: Gather) -> Self {
        Self {
            inner,
            gather,
            queue: Lock::default(),
            turn: Mutex::new(()),
        }
    }

    /// Several that come together are batches already.
    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        if let [one] = signals {
            return vec![self.join(one).await];
        }
        let _turn = self.turn.lock().await;
        let mut outcomes = Vec::with_capacity(signals.len());
        for batch in signals.chunks(self.gather.most.max(1)) {
            outcomes.extend(send(&self.inner, batch).await);
        }
        outcomes
    }

    async fn join(&self, signal: &Envelope) -> Outcome {
        let (sender, mut answer) = oneshot::channel();
        let next = self.with(|queue| queue.enter(&self.gather, signal.clone(), sender));
        match next {
            Next::Refuse => return Err(self.full()),
            Next::Send => {}
            Next::Wait => {
                let linger = sleep(self.gather.linger);
                tokio::select! {
                    biased;
                    told = &mut answer => return self.told(told),
                    () = linger => {}
                }
            }
        }
        loop {
            tokio::select! {
                biased;
                told = &mut answer => return self.told(told),
                _turn = self.turn.lock() => self.send_next().await,
            }
        }
    }

    /// Called by whoever has the turn.
    async fn send_next(&self) {
        let batch = self.with(|queue| queue.take(self.gather.most));
        let (signals, answers): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|one| (one.signal, one.answer))
            .unzip();
        let outcomes = send(&self.inner, &signals).await;
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Whoever does not wait any more does not want to know.
            drop(answer.send(outcome));
        }
    }

    fn told(&self, told: Result<Outcome, oneshot::error::RecvError>) -> Outcome {
        told.unwrap_or_else(|_| {
            let what = "whoever sent its batch gave up; it may have arrived: retry";
            Err(DispatchError::new(Kind::Failed, self.inner.name(), what))
        })
    }

    fn full(&self) -> DispatchError {
        let what = format!(
            "{} signals wait for it already; retry later",
            self.gather.waiting
        );
        DispatchError::new(Kind::Full, self.inner.name(), what)
    }

    fn with<R>(&self, change: impl FnOnce(&mut Queue) -> R) -> R {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut queue)
    }
}
