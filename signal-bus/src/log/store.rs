//! The port: what a log needs of the place where it is kept.

use std::fmt;
use std::sync::Arc;

use enact_signal_core::{Envelope, Limits, Pattern, json};

use crate::trail::keys;

/// A signal as a store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place in the log: the first is 1, and none is left out.
    pub sequence: u64,
    /// When it was recorded, in milliseconds since 1970; never before the one before it.
    pub at: u64,
    /// Its type.
    pub ty: String,
    /// Its envelope, in the JSON format of CloudEvents.
    pub body: Vec<u8>,
    /// A checksum over the type and the body.
    pub sum: u32,
}

/// A row whose bytes are not those that were written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damage {
    #[error("signal {0} of the log is damaged: its checksum does not fit; restore it from a copy")]
    Sum(u64),
    #[error("signal {0} of the log can't be read as a CloudEvent")]
    Body(u64, #[source] enact_signal_core::SignalError),
}

impl Row {
    pub(crate) fn new(sequence: u64, at: u64, ty: String, body: Vec<u8>) -> Self {
        let sum = sum(&ty, &body);
        Self {
            sequence,
            at,
            ty,
            body,
            sum,
        }
    }

    /// The envelope, where its bytes are those that were written.
    pub(crate) fn envelope(&self) -> Result<Envelope, Damage> {
        if sum(&self.ty, &self.body) != self.sum {
            return Err(Damage::Sum(self.sequence));
        }
        json::read(&self.body, &UNBOUNDED).map_err(|error| Damage::Body(self.sequence, error))
    }

    /// The numbers under which the index of a trail has the signal: what it is deleted by, together
    /// with its row.
    pub fn keys(&self) -> Vec<u64> {
        self.envelope()
            .map(|envelope| keys(&envelope))
            .unwrap_or_default()
    }
}

/// What was let in once is let out again.
const UNBOUNDED: Limits = Limits {
    event: usize::MAX,
    batch: usize::MAX,
    events: usize::MAX,
};

/// The checksum of a row.
pub(crate) fn sum(ty: &str, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(ty.as_bytes());
    hasher.update(&[0]);
    hasher.update(body);
    hasher.finalize()
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("sequence", &self.sequence)
            .field("at", &self.at)
            .field("ty", &self.ty)
            .finish_non_exhaustive()
    }
}

/// Something to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// One more signal; its sequence number is the next.
    Append(Row),
    /// A subscription begins, or goes on with another pattern; its cursor stays where there is one.
    Subscribe {
        /// Its name.
        name: Arc<str>,
        /// What it gets.
        pattern: Pattern,
        /// The signals up to that one are none of its own.
        cursor: u64,
    },
    /// What came of the deliveries of a subscription.
    Progress(Progress),
    /// Dead letters are to be delivered again: their deliveries are open, with no attempt made.
    Redrive {
        /// The subscription.
        name: Arc<str>,
        /// Which signals; what is no dead letter is left out.
        sequences: Vec<u64>,
    },
    /// A subscription ends, and all that is known of it.
    Unsubscribe {
        /// Its name.
        name: Arc<str>,
    },
    /// More of the index of the trail: numbers, and the signals that have them.
    Index {
        /// Pairs of number and sequence number.
        pairs: Vec<(u64, u64)>,
        /// The signals up to that one are in the index.
        up_to: u64,
    },
}

/// What came of deliveries of one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The name of the subscription.
    pub name: Arc<str>,
    /// The low-water mark: all up to there is settled, but what is open below it by a redrive.
    pub cursor: u64,
    /// What has changed, in order.
    pub changes: Vec<Change>,
}

/// What a delivery has become.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is open: so many attempts were begun, and another is due then.
    Open(Standing),
    /// It is settled. At or below the cursor nothing is left of it, above it that it is.
    Settled(u64),
    /// It is settled, and a dead letter.
    Dead(DeadLetter),
}

/// An open delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The signal.
    pub sequence: u64,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the next may begin, in milliseconds since 1970.
    pub due: u64,
}

/// A signal that a subscription gave up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The signal.
    pub sequence: u64,
    /// How many attempts were made.
    pub attempts: u32,
    /// Why the last one failed.
    pub reason: String,
    /// When it was given up, in milliseconds since 1970.
    pub at: u64,
}

/// A subscription as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Its name.
    pub name: Arc<str>,
    /// What it gets.
    pub pattern: Pattern,
    /// The low-water mark.
    pub cursor: u64,
    /// What is open, by sequence number.
    pub open: Vec<Standing>,
    /// What is settled above the cursor, by sequence number.
    pub settled: Vec<u64>,
    /// How many dead letters there are.
    pub dead: u64,
}

/// Which signals to read, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Those with greater numbers.
    pub after: u64,
    /// Those with that number and lower ones.
    pub up_to: u64,
    /// Those whose types it stands for; all of them, where there is none.
    pub pattern: Option<Pattern>,
    /// So many at most.
    pub most: usize,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The signals.
    pub rows: Vec<Row>,
    /// Up to there all was looked at.
    pub up_to: u64,
}

/// How many rows one page looks at, at most, and how many bytes it has, about: so no reader keeps
/// the others waiting.
pub(crate) const LOOKS: u64 = 8192;
pub(crate) const BYTES: usize = 4 << 20;

/// The way into a log for whoever writes, used from one thread.
///
/// After a method has failed, none is called again but to drop it. The suite that tells whether a
/// store keeps what is promised here is [`log_conforms`](crate::testing::log_conforms).
pub trait Store: Send {
    /// Begins a batch, or goes on with one, while the rest of it is still to come: the next [commit](Self::commit) has
    /// the rest. Nobody reads any of it before that, and nothing stays of it where that never comes.
    ///
    /// The commit comes next, whatever fails meanwhile or is asked of readers; it may have nothing more.
    ///
    /// Returns whether it did: `false` where none of it was written, and the commit gets it as well. A store that does not
    /// say otherwise waits for the commit.
    ///
    /// # Errors
    /// Where it can't be written.
    fn begin(&mut self, batch: &[Entry]) -> Result<bool, StoreError> {
        let _ = batch;
        Ok(false)
    }

    /// Writes all of a batch, in order, or nothing, after what was [begun](Self::begin) of it. What is written when
    /// this returns survives a loss of power, where the store is durable.
    ///
    /// # Errors
    /// Where nothing is written, or nobody can know.
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError>;

    /// Deletes signals with lower numbers than `before`, the oldest, so many at most; never the last
    /// one, one that a subscription has not settled or one that is a dead letter. Returns how many.
    ///
    /// # Errors
    /// Where the log can't be written.
    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError>;

    /// A way in for whoever reads, beside this one.
    ///
    /// # Errors
    /// Where there is none.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;
}

/// The way into a log for whoever reads.
pub trait Reader: Send {
    /// Reads signals.
    ///
    /// It may stop early, and says so in [`Scan::up_to`]; that is `page.after` only where there is
    /// nothing more.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn read(&mut self, page: &Page) -> Result<Scan, StoreError>;

    /// The number of the last signal and when it was recorded; zeros where there is none.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn last(&mut self) -> Result<(u64, u64), StoreError>;

    /// The number of the first signal that was recorded at that time or later; where there is none,
    /// the one that comes next.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn first_at(&mut self, at: u64) -> Result<u64, StoreError>;

    /// A subscription, by its name.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn subscription(&mut self, name: &str) -> Result<Option<SubscriptionRow>, StoreError>;

    /// The names of all subscriptions, in order.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn names(&mut self) -> Result<Vec<Arc<str>>, StoreError>;

    /// The dead letters of a subscription with greater numbers, by number, so many at most.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn dead(&mut self, name: &str, after: u64, most: usize) -> Result<Vec<DeadLetter>, StoreError>;

    /// Up to which signal the index of the trail goes.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn indexed(&mut self) -> Result<u64, StoreError>;

    /// The signals with greater numbers that the index has under a key, by number, so many at most.
    ///
    /// # Errors
    /// Where the log can't be read.
    fn lookup(&mut self, key: u64, after: u64, most: usize) -> Result<Vec<u64>, StoreError>;
}

/// Why a log can't be read or written.
#[derive(Debug)]
pub struct StoreError {
    doing: &'static str,
    place: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// That `doing` (“write to”, “read”) could not be done to the log at that place.
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

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { doing, place, .. } = self;
        match &**place {
            "" => write!(f, "could not {doing} the log"),
            place => write!(f, "could not {doing} the log {place}"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
