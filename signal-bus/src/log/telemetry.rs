//! What a log tells of itself: metrics and figures. Each costs next to nothing while nobody listens.
//!
//! | metric | kind | labels | |
//! | --- | --- | --- | --- |
//! | `enact_log_signals_total` | counter | `outcome` | `recorded`: durable; `duplicate`: there before; `skipped` and `halted`: by a middleware |
//! | `enact_log_commits_total` | counter | | batches on disk, each under one sync |
//! | `enact_log_batch` | histogram | | entries of a batch |
//! | `enact_log_commit_seconds` | histogram | | how long writing a batch took, from its first entry to its sync |
//! | `enact_log_wait_seconds` | histogram | | how long a publisher waited until its signals were on disk |
//! | `enact_log_deliveries_total` | counter | `subscription`, `outcome` | `given` to somebody, in each attempt; `acknowledged`; `failed`: said so or let go; `expired`: the deadline passed; `skipped` by a middleware; `dead`: given up |
//! | `enact_log_in_flight` | gauge | `subscription` | deliveries that are with somebody |
//! | `enact_log_lag` | gauge | `subscription` | from the low-water mark to the end of the log |
//!
//! Subscriptions tell while they are open. [`Log::figures`] and [`PersistentSubscription::figures`] have the most
//! important ones without a recorder.
//!
//! [`PersistentSubscription::figures`]: crate::persistent::PersistentSubscription::figures

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use metrics::{IntoF64, Key, Label, Level, Metadata};

use super::{Log, StoreError, told};
use crate::bus::figures::Count;
use crate::persistent::PersistentFigures;

static METADATA: Metadata<'_> = Metadata::new("enact::log", Level::INFO, Some(module_path!()));
static OUTCOMES: [Label; 4] = [
    Label::from_static_parts("outcome", "recorded"),
    Label::from_static_parts("outcome", "duplicate"),
    Label::from_static_parts("outcome", "skipped"),
    Label::from_static_parts("outcome", "halted"),
];
const SIGNALS: &str = "enact_log_signals_total";
static RECORDED: Key = Key::from_static_parts(SIGNALS, OUTCOMES.split_at(1).0);
static DUPLICATE: Key = Key::from_static_parts(SIGNALS, OUTCOMES.split_at(1).1.split_at(1).0);
static SKIPPED: Key = Key::from_static_parts(SIGNALS, OUTCOMES.split_at(2).1.split_at(1).0);
static HALTED: Key = Key::from_static_parts(SIGNALS, OUTCOMES.split_at(3).1);
static COMMITS: Key = Key::from_static_name("enact_log_commits_total");
static BATCH: Key = Key::from_static_name("enact_log_batch");
static COMMIT: Key = Key::from_static_name("enact_log_commit_seconds");
static WAIT: Key = Key::from_static_name("enact_log_wait_seconds");

/// What a log has counted since it was opened.
///
/// ```
/// use enact_signal_bus::log::Log;
/// use enact_signal_core::Envelope;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let log = Log::memory();
/// let paid = Envelope::builder("order.paid", "/shop").id("p-1").build()?;
/// log.publish_all([paid.clone(), paid]).await?;
/// let figures = log.figures();
/// assert_eq!((figures.recorded, figures.duplicates, figures.last), (1, 1, 1));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogFigures {
    /// Signals that were recorded.
    pub recorded: u64,
    /// Signals that had been recorded before, within the window.
    pub duplicates: u64,
    /// Signals that a middleware skipped before they were published.
    pub skipped: u64,
    /// Publishings that a middleware refused.
    pub halted: u64,
    /// Batches that were written, each under one sync.
    pub commits: u64,
    /// Entries of those: signals, and what came of deliveries.
    pub entries: u64,
    /// The number of the last signal that is durable.
    pub last: u64,
    /// Why the log takes no more, once it does not: nothing is acknowledged since, and it is to be opened
    /// anew.
    pub failed: Option<String>,
    /// The subscriptions that are open.
    pub subscriptions: BTreeMap<Arc<str>, PersistentFigures>,
}

impl Log {
    /// The log in numbers.
    pub fn figures(&self) -> LogFigures {
        let (inner, tally) = (self.inner(), &self.inner().tally);
        LogFigures {
            recorded: tally.recorded.get(),
            duplicates: tally.duplicates.get(),
            skipped: tally.skipped.get(),
            halted: tally.halted.get(),
            commits: tally.commits.get(),
            entries: tally.entries.get(),
            last: self.last(),
            failed: inner.writer.failed().map(|failed| told(&*failed)),
            subscriptions: inner.hub.figures(),
        }
    }
}

/// What a log counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    recorded: Count,
    duplicates: Count,
    skipped: Count,
    halted: Count,
    commits: Count,
    entries: Count,
}

impl Tally {
    /// Commits a batch of so many entries, which was begun then.
    pub(super) fn commit(
        &self,
        entries: usize,
        since: Since,
        commit: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        commit()?;
        self.commits.add(1);
        self.entries.add(entries as u64);
        metrics::with_recorder(|recorder| {
            recorder.register_counter(&COMMITS, &METADATA).increment(1);
            let batch = recorder.register_histogram(&BATCH, &METADATA);
            batch.record(u32::try_from(entries).unwrap_or(u32::MAX));
            let took = recorder.register_histogram(&COMMIT, &METADATA);
            took.record(since);
        });
        Ok(())
    }

    /// So many signals are durable, and so many were before.
    pub(super) fn recorded(&self, recorded: u64, duplicates: u64) {
        count(&self.recorded, &RECORDED, recorded);
        count(&self.duplicates, &DUPLICATE, duplicates);
    }

    /// A middleware has skipped a signal.
    pub(super) fn skipped(&self) {
        count(&self.skipped, &SKIPPED, 1);
    }

    /// A middleware has refused what was to be published.
    pub(super) fn halted(&self) {
        count(&self.halted, &HALTED, 1);
    }
}

fn count(count: &Count, key: &Key, more: u64) {
    if more > 0 {
        count.add(more);
        metrics::with_recorder(|recorder| {
            recorder.register_counter(key, &METADATA).increment(more);
        });
    }
}

/// Somebody waits until something is on disk.
pub(super) struct Wait(Since);

impl Wait {
    pub(super) fn begin() -> Self {
        Self(Since::now())
    }

    pub(super) fn end(self) {
        metrics::with_recorder(|recorder| {
            let wait = recorder.register_histogram(&WAIT, &METADATA);
            wait.record(self.0);
        });
    }
}

/// The time since then, which only a recorder that listens asks for.
#[derive(Clone, Copy)]
pub(super) struct Since(Instant);

impl Since {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }
}

impl IntoF64 for Since {
    fn into_f64(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
