//! How much a writer has written, how fast, and how long others have waited for that.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use metrics::{IntoF64, Key, Level, Metadata};

use crate::clock::{Clock as _, SystemClock};
use crate::journal::store::StoreError;

static METADATA: Metadata<'_> = Metadata::new("enact::journal", Level::INFO, Some(module_path!()));
static COMMITS: Key = Key::from_static_name("enact_journal_commits_total");
static BATCH: Key = Key::from_static_name("enact_journal_batch");
static COMMIT: Key = Key::from_static_name("enact_journal_commit_seconds");
static WAIT: Key = Key::from_static_name("enact_journal_wait_seconds");

/// What a writer has written.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    commits: AtomicU64,
    entries: AtomicU64,
    last: AtomicU64,
}

impl Tally {
    /// Commits a batch of so many entries.
    pub(super) fn commit<T>(
        &self,
        entries: usize,
        commit: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let since = Since::now();
        let done = commit()?;
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.entries.fetch_add(entries as u64, Ordering::Relaxed);
        self.last.store(SystemClock.now(), Ordering::Relaxed);
        metrics::with_recorder(|recorder| {
            recorder.register_counter(&COMMITS, &METADATA).increment(1);
            let batch = recorder.register_histogram(&BATCH, &METADATA);
            batch.record(u32::try_from(entries).unwrap_or(u32::MAX));
            let took = recorder.register_histogram(&COMMIT, &METADATA);
            took.record(since);
        });
        Ok(done)
    }

    /// How many batches are written, each under one sync.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// How many entries are written.
    pub(crate) fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// When a batch was written last, in milliseconds since 1970.
    pub(crate) fn last(&self) -> Option<u64> {
        Some(self.last.load(Ordering::Relaxed)).filter(|last| *last > 0)
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
struct Since(Instant);

impl Since {
    fn now() -> Self {
        Self(Instant::now())
    }
}

impl IntoF64 for Since {
    fn into_f64(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
