//! Where a journal is kept: the port, whose implementations are the stores.

use serde_json::Value;

use super::record::{Ending, Record, Status};

/// One thing to be written.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A run begins.
    Begin(NewRun),
    /// Something happened in a run.
    Record { run: u64, record: Record },
    /// A run ended.
    End { run: u64, ending: Ending, at: u64 },
}

/// A run that begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewRun {
    /// Its number, unique in the journal.
    pub(crate) run: u64,
    /// The name its caller gave it, unique too.
    pub(crate) id: String,
    pub(crate) workflow: String,
    pub(crate) version: u32,
    /// The graph's fingerprint.
    pub(crate) graph: u64,
    pub(crate) input: Value,
    /// In milliseconds since 1970.
    pub(crate) started: u64,
}

/// A run as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RunRow {
    pub(crate) new: NewRun,
    pub(crate) status: Status,
    /// The answer or the failure, and when it ended.
    pub(crate) ended: Option<(Value, u64)>,
}

/// A journal could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("could not {doing} the journal {place}")]
pub struct StoreError {
    doing: &'static str,
    place: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    pub(crate) fn new(
        doing: &'static str,
        place: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing,
            place: place.into(),
            source: source.into(),
        }
    }
}

/// Keeps a journal. One writer uses it, from one thread.
pub(crate) trait Store: Send {
    /// Writes all of it or nothing; what is written when this returns survives a loss of power.
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError>;

    /// The runs that have not ended, each with its records in the order in which they were made.
    fn open_runs(&mut self) -> Result<Vec<(RunRow, Vec<Record>)>, StoreError>;

    /// The greatest number of a run there is, 0 where there is none.
    fn last_run(&mut self) -> Result<u64, StoreError>;

    /// A second way in, which does not wait for the writer.
    fn finder(&self) -> Result<Box<dyn Finder>, StoreError>;
}

/// Looks up what is committed, from any thread.
pub(crate) trait Finder: Send + Sync {
    /// The run of that name.
    fn find(&self, id: &str) -> Result<Option<RunRow>, StoreError>;

    /// The latest runs, the latest first.
    fn list(&self, most: usize) -> Result<Vec<RunRow>, StoreError>;
}
