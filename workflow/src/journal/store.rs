//! Where a journal is kept: the ports, whose implementations are the stores.
//!
//! A store keeps runs, their records, mail for them, and small notes. It looks into none of them. A run that
//! has not ended is either had by one worker, or nobody's: then it is due at a time, its `wake`, or when mail
//! comes for it. A worker takes up what is due and whose graph it knows.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::body::Body;
use super::record::{Damage, Ending, Record, Status};
use super::work::Work;

/// The time of a run that is due at once.
pub const NOW: u64 = 0;
/// The time of a run that nothing but mail makes due.
pub const NEVER: u64 = i64::MAX.cast_unsigned();

/// One thing to be written.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A run begins, had by this worker, with its first record where it has one. Refused, the record
    /// too, where there is one of that id.
    Begin(Arc<NewRun>, Option<Record>),
    /// A run begins that whoever has room shall take up, with its first record where it has one.
    /// Refused, the record too, where there is one of that id.
    Enqueue(Arc<NewRun>, Option<Record>),
    /// Something happened in a run that this worker has; by mail, which is gone with this.
    Record {
        /// The run's number.
        run: u64,
        /// What happened.
        record: Record,
        /// The number of the mail, if it came so.
        mail: Option<u64>,
    },
    /// An effect in the store's own database, and its record. Refused where the effect is.
    Work(Work),
    /// A run that this worker has ended. Its mail is gone with this.
    End {
        /// The run's number.
        run: u64,
        /// How.
        ending: Ending,
    },
    /// This worker lets a run go: it is nobody's, and due at that time; at once where mail waits. Nothing where
    /// it has ended.
    Park {
        /// The run's number.
        run: u64,
        /// In milliseconds since 1970.
        wake: u64,
    },
    /// Mail for a run, which makes it due where it is nobody's. Refused where it has ended.
    Post {
        /// The run's number.
        run: u64,
        /// What it is.
        body: Body,
    },
    /// A run that has failed is open again, nobody's and due, with one more record. Refused where it
    /// has not failed.
    Reopen {
        /// The run's number.
        run: u64,
        /// Why.
        record: Record,
    },
    /// A note, in place of an older one of that name.
    Note {
        /// Its name.
        name: String,
        /// What it says.
        body: Body,
    },
}

/// A run that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its number, unique in the journal.
    pub run: u64,
    /// The name its caller gave it, unique too.
    pub id: String,
    /// Its workflow's name.
    pub workflow: String,
    /// Its workflow's version.
    pub version: u32,
    /// Its graph's fingerprint.
    pub graph: u64,
    /// Its params.
    pub input: Body,
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// The checksum of all this.
    pub sum: u32,
}

impl NewRun {
    /// This, with its checksum.
    #[must_use]
    pub fn summed(self) -> Self {
        let sum = self.checksum();
        Self { sum, ..self }
    }

    /// Makes sure that it is as it was written.
    pub(crate) fn check(&self) -> Result<(), Damage> {
        let damage = Damage::at("the start");
        match self.input.shut() {
            Some(why) => Err(damage.because(why)),
            None if self.sum != self.checksum() => Err(damage),
            None => Ok(()),
        }
    }

    fn checksum(&self) -> u32 {
        let mut sum = crc32fast::Hasher::new();
        for number in [self.run, self.started, self.graph, self.version.into()] {
            sum.update(&number.to_le_bytes());
        }
        for text in [&self.id, &self.workflow] {
            sum.update(&(text.len() as u64).to_le_bytes());
            sum.update(text.as_bytes());
        }
        sum.update(self.input.bytes());
        sum.finalize()
    }
}

/// A run as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// What it began with.
    pub new: NewRun,
    /// How it ended, where it has.
    pub ending: Option<Ending>,
    /// When it is due, where it is nobody's.
    pub wake: Option<u64>,
}

impl RunRow {
    /// Where it stands.
    pub fn status(&self) -> Status {
        self.ending
            .as_ref()
            .map_or(Status::Open, |ending| ending.status)
    }
}

/// Something for a run that has come from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its number: in the order in which it came.
    pub seq: u64,
    /// The number of the run it is for.
    pub run: u64,
    /// What it is.
    pub body: Body,
}

/// A run that a worker has taken up.
#[derive(Debug)]
pub struct Claimed {
    /// The run.
    pub row: RunRow,
    /// What is recorded of it, in order; or that it can't be read.
    pub records: Result<Vec<Record>, StoreError>,
    /// What waits for it, in order.
    pub mail: Vec<Mail>,
}

/// What a worker takes up.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Runs due by then, in milliseconds since 1970.
    pub now: u64,
    /// So many at most.
    pub most: usize,
    /// The fingerprints of the graphs that it knows.
    pub graphs: Vec<u64>,
}

/// A graph as the journal keeps it, so that what has changed can be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphRow {
    /// The fingerprint.
    pub graph: u64,
    /// The graph's nodes.
    pub body: Body,
}

/// Which runs to tell of, the latest first.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// So many at most.
    pub most: usize,
    /// Those that stand there.
    pub status: Option<Status>,
    /// Those of that workflow.
    pub workflow: Option<String>,
    /// Those whose number is lower.
    pub before: Option<u64>,
}

/// How many open runs there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Had by a worker.
    pub running: u64,
    /// Nobody's, and due.
    pub queued: u64,
    /// Nobody's, and not due yet.
    pub waiting: u64,
}

impl Counts {
    /// So many of each.
    pub const fn new(running: u64, queued: u64, waiting: u64) -> Self {
        Self {
            running,
            queued,
            waiting,
        }
    }
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
    /// That `doing` (“write to”, “read”) could not be done to the journal at that place.
    pub fn new(
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

/// One worker's way into a journal, used from one thread.
///
/// After a method has failed, none is called again but to drop it.
pub trait Store: Send {
    /// Writes all of a batch, in order, or nothing. What is written when this returns survives a loss of
    /// power.
    ///
    /// Returns the places in the batch of what was refused, by the rules at [`Entry`]; the rest is
    /// written all the same.
    ///
    /// # Errors
    /// Where nothing is written, or nobody can know.
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError>;

    /// Numbers for new runs, greater than all there are; no two calls return the same.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError>;

    /// Takes up runs that are due, the longest due first; they are had by this worker from now on.
    ///
    /// # Errors
    /// Where the journal can't be read or written.
    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError>;

    /// When the next run that is nobody's is due; of those whose graphs are known.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError>;

    /// Mail for runs that this worker has, in order; mail stays until what it brings is recorded.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError>;

    /// Keeps graphs, where they are not kept yet.
    ///
    /// # Errors
    /// Where the journal can't be written.
    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError>;

    /// Deletes runs that ended before that time, with their records; the oldest, so many at most.
    /// Returns how many it has deleted.
    ///
    /// # Errors
    /// Where the journal can't be written.
    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError>;

    /// How many runs [`prune`](Self::prune) deletes at most for now, where it may delete so many: as long as it deletes
    /// these, there may be more.
    fn prunes(&self, most: usize) -> usize {
        most
    }

    /// How long what this worker has stays its own without [`renew`](Self::renew); none, where
    /// nobody else can take it.
    fn lease(&self) -> Option<Duration> {
        None
    }

    /// Makes the lease run anew, and frees what workers had whose lease is over.
    ///
    /// # Errors
    /// Where this worker's own lease is over; its runs are others' now.
    fn renew(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// A second way in, beside this one.
    ///
    /// # Errors
    /// Where it can't be opened.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;
}

/// Looks up what is committed, and leaves mail, beside whoever runs.
pub trait Reader: Send {
    /// The run of that id.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError>;

    /// The latest runs, the latest first.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn list(&mut self, list: &List) -> Result<Vec<RunRow>, StoreError>;

    /// What is recorded of a run, in order.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn records(&mut self, run: u64) -> Result<Vec<Record>, StoreError>;

    /// Open runs that are nobody's and of other graphs than these.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn strangers(&mut self, graphs: &[u64], most: usize) -> Result<Vec<RunRow>, StoreError>;

    /// A graph by its fingerprint.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn graph(&mut self, graph: u64) -> Result<Option<Body>, StoreError>;

    /// A note by its name.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn note(&mut self, name: &str) -> Result<Option<Body>, StoreError>;

    /// The notes whose names begin so, by their names.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn notes(&mut self, prefix: &str) -> Result<Vec<(String, Body)>, StoreError>;

    /// How many open runs there are at that time.
    ///
    /// # Errors
    /// Where the journal can't be read.
    fn counts(&mut self, now: u64) -> Result<Counts, StoreError>;

    /// Writes one entry that needs no worker: [`Enqueue`](Entry::Enqueue), [`Post`](Entry::Post),
    /// [`Reopen`](Entry::Reopen) or [`Note`](Entry::Note). Returns whether it was taken.
    ///
    /// # Errors
    /// Where the journal can't be written.
    fn leave(&mut self, entry: &Entry) -> Result<bool, StoreError>;
}
