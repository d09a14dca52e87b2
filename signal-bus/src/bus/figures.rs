//! What a bus and its subscriptions count.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a bus has counted since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusFigures {
    /// Signals that were published.
    pub published: u64,
    /// Signals that had been published before, within the window.
    pub duplicates: u64,
    /// Signals that a middleware skipped before they were published.
    pub skipped: u64,
    /// Publishings that a middleware refused.
    pub halted: u64,
    /// Publishings that a rate refused.
    pub limited: u64,
    /// Publishings that waited for a rate.
    pub delayed: u64,
    /// Publishings for which a queue had no room.
    pub full: u64,
}

/// What a subscription has counted since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscriptionFigures {
    /// Signals that it has got.
    pub taken: u64,
    /// Signals for which its queue had no room, or that were in a lane which nobody takes from any more.
    pub lost: u64,
    /// Signals that a middleware kept from it.
    pub skipped: u64,
    /// Publishings that its rate refused.
    pub limited: u64,
    /// Signals that waited for its rate.
    pub delayed: u64,
    /// Signals whose handler answered that all is well.
    pub handled: u64,
    /// Signals whose handler failed.
    pub failed: u64,
    /// Signals whose handler panicked, and lanes that ended by a panic.
    pub panicked: u64,
    /// Signals whose handler had not answered in time.
    pub timed_out: u64,
}

/// Something that is counted.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a bus counts, but for what it has published.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(super) duplicates: Count,
    pub(super) skipped: Count,
    pub(super) halted: Count,
    pub(super) limited: Count,
    pub(super) delayed: Count,
    pub(super) full: Count,
}

impl Counts {
    pub(super) fn figures(&self, published: u64) -> BusFigures {
        BusFigures {
            published,
            duplicates: self.duplicates.get(),
            skipped: self.skipped.get(),
            halted: self.halted.get(),
            limited: self.limited.get(),
            delayed: self.delayed.get(),
            full: self.full.get(),
        }
    }
}

/// What a subscription counts, but for what its queues do.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) taken: Count,
    pub(super) skipped: Count,
    pub(super) limited: Count,
    pub(super) delayed: Count,
    pub(super) handled: Count,
    pub(super) failed: Count,
    pub(super) panicked: Count,
    pub(super) timed_out: Count,
}

impl Tally {
    pub(super) fn figures(&self, lost: u64) -> SubscriptionFigures {
        SubscriptionFigures {
            taken: self.taken.get(),
            lost,
            skipped: self.skipped.get(),
            limited: self.limited.get(),
            delayed: self.delayed.get(),
            handled: self.handled.get(),
            failed: self.failed.get(),
            panicked: self.panicked.get(),
            timed_out: self.timed_out.get(),
        }
    }
}
