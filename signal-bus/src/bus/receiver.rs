//! What a route of the bus leads to: one subscriber, with its queues.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::time::Instant;

use super::Delivery;
use super::figures::{SubscriptionFigures, Tally};
use super::mailbox::Mailbox;
use super::middleware::{Chain, Outcome, Subscriber, Went};
use super::rate::{Bucket, Rate};

/// Which lane a signal is for, as a hash of its key.
pub(super) type Key = Box<dyn Fn(&Envelope) -> u64 + Send + Sync>;

/// One subscriber: its queues, one for each lane, and what stands before them.
pub(super) struct Receiver {
    pub(super) subscriber: Subscriber,
    /// One at least.
    pub(super) lanes: Vec<Arc<Mailbox>>,
    pub(super) key: Option<Key>,
    /// Whether a handler takes what waits, and no stream does.
    #[cfg(feature = "testing")]
    pub(super) handled: bool,
    pub(super) rate: Option<Rate>,
    pub(super) bucket: Mutex<Bucket>,
    pub(super) chain: Chain,
    pub(super) tally: Tally,
}

impl Receiver {
    /// The lane of a signal; a key that can't be made is told of, and the first lane has the signal.
    pub(super) fn lane(&self, envelope: &Envelope) -> usize {
        let Some(key) = &self.key else { return 0 };
        // Unwind safety: nothing of the bus is held.
        let hash = catch_unwind(AssertUnwindSafe(|| key(envelope))).unwrap_or_else(|_| {
            let (ty, id) = (envelope.ty().as_str(), envelope.id());
            tracing::error!(target: "enact::bus", ty, id, code = "bus.key", "a key panicked");
            0
        });
        let lanes = self.lanes.len() as u64;
        usize::try_from(hash % lanes).unwrap_or_default()
    }

    /// How long to wait until a rate that refuses has so much. It stays for whoever holds the log of
    /// the bus: nobody else takes of it.
    pub(super) fn wait(&self, count: usize) -> Duration {
        let Some(rate) = self.refuses().filter(|_| count > 0) else {
            return Duration::ZERO;
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let wait = self.bucket().wait(&rate, count, Instant::now());
        if !wait.is_zero() {
            self.tally.limited.add(1);
        }
        wait
    }

    /// Takes so much of a rate that refuses.
    pub(super) fn admit(&self, count: usize) {
        if let Some(rate) = self.refuses() {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            self.bucket().take(&rate, count, Instant::now());
        }
    }

    fn refuses(&self) -> Option<Rate> {
        self.rate.filter(|rate| !rate.is_waiting())
    }

    /// Whether it has a rate that waits.
    pub(super) fn is_paced(&self) -> bool {
        self.rate.is_some_and(|rate| rate.is_waiting())
    }

    /// How long a rate that waits has whoever takes the next signal wait.
    pub(super) fn pace(&self) -> Duration {
        match self.rate.filter(Rate::is_waiting) {
            Some(rate) => self.bucket().wait(&rate, 1, Instant::now()),
            None => Duration::ZERO,
        }
    }

    /// What the subscriber gets of a signal that comes out of its queue.
    pub(super) fn dispatch(&self, delivery: Delivery) -> Option<Delivery> {
        if let Some(rate) = self.rate.filter(Rate::is_waiting) {
            self.bucket().take(&rate, 1, Instant::now());
        }
        if self.chain.is_empty() {
            self.tally.taken.add(1);
            return Some(delivery);
        }
        let before = delivery.clone();
        match self.chain.before_dispatch(&self.subscriber, delivery) {
            Went::On(delivery) => {
                self.tally.taken.add(1);
                return Some(delivery);
            }
            Went::Skipped => (),
            Went::Halted(refusal) => refusal.tell("before_dispatch", &before),
        }
        self.tally.skipped.add(1);
        None
    }

    /// Tells what became of a signal.
    pub(super) fn dispatched(&self, delivery: Delivery, outcome: &Outcome) {
        match outcome {
            Outcome::Taken => (),
            Outcome::Handled => self.tally.handled.add(1),
            Outcome::Failed(why) => {
                self.tally.failed.add(1);
                self.tell(&delivery, "bus.handler_failed", why);
            }
            Outcome::Panicked(words) => {
                self.tally.panicked.add(1);
                self.tell(&delivery, "bus.handler_panicked", words);
            }
            Outcome::TimedOut => {
                self.tally.timed_out.add(1);
                self.tell(
                    &delivery,
                    "bus.handler_timed_out",
                    "it had not answered in time",
                );
            }
        }
        self.chain
            .after_dispatch(&self.subscriber, delivery, outcome);
    }

    /// Tells that a lane has panicked, and not its handler, and that so it ends.
    pub(super) fn broke(&self, words: &str) {
        self.tally.panicked.add(1);
        let (handler, code) = (self.subscriber.name(), "bus.handler_ended");
        tracing::error!(target: "enact::bus", handler, code, "it panicked: {words}");
    }

    fn tell(&self, delivery: &Delivery, code: &str, why: &str) {
        let (ty, id, handler) = (
            delivery.ty().as_str(),
            delivery.id(),
            self.subscriber.name(),
        );
        tracing::error!(target: "enact::bus", ty, id, handler, code, "{why}");
    }

    pub(super) fn figures(&self) -> SubscriptionFigures {
        self.tally
            .figures(self.lanes.iter().map(|lane| lane.lost()).sum())
    }

    pub(super) fn close(&self) {
        for lane in &self.lanes {
            lane.close();
        }
    }

    /// Nothing panics while it is held.
    fn bucket(&self) -> std::sync::MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("subscriber", &self.subscriber)
            .field("lanes", &self.lanes.len())
            .finish_non_exhaustive()
    }
}
