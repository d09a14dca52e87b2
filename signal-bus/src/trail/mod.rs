//! The trail: which signal was caused by which, read from the log.
//!
//! The causes of a signal stand in its envelope, so whatever is published is on the trail; an index in the
//! same store finds it. The index is filled when somebody asks, and costs those who publish nothing.

#[cfg(feature = "sqlite")]
mod beside;
mod chain;
mod key;
mod query;
mod tree;

#[cfg(feature = "sqlite")]
use std::path::Path;
#[cfg(feature = "sqlite")]
use std::sync::Arc;
use std::sync::mpsc::channel;

#[cfg(feature = "sqlite")]
use self::beside::Beside;

pub use self::chain::Chain;
use self::key::Kind;
pub(crate) use self::key::keys;
pub use self::query::Query;
pub use self::tree::Tree;
use crate::log::{Entry, Job, Log, LogError, Page, Reading, Recorded, Waiter, Work};

/// What caused what: the signals of a log by their causes, effects and conversations.
///
/// It blocks while it reads; a task of an async runtime asks it inside of `spawn_blocking`.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
/// use enact_signal_bus::log::Log;
///
/// #[signal(type = "order.placed", source = "/shop")]
/// struct Placed {}
/// #[signal(type = "order.paid", source = "/bank")]
/// struct Paid {}
/// #[signal(type = "order.shipped", source = "/depot")]
/// struct Shipped {}
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let log = Log::memory();
/// let placed = Placed {}.subject("1042").seal()?;
/// let paid = Paid {}.subject("1042").caused_by(&placed).seal()?;
/// let shipped = Shipped {}.subject("1042").caused_by(&paid).seal()?;
/// runtime.block_on(log.publish_all([placed.clone(), paid, shipped.clone()]))?;
///
/// let trail = log.trail();
/// let back: Vec<_> = trail.backward(shipped.id()).collect::<Result<_, _>>()?;
/// let types: Vec<_> = back.iter().map(|signal| signal.ty().as_str()).collect();
/// assert_eq!(types, ["order.paid", "order.placed"]);
/// println!("{}", trail.tree(placed.id(), 100)?);
/// # assert_eq!(trail.tree(placed.id(), 100)?.len(), 3);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trail {
    over: Over,
}

/// What a trail is read from.
#[derive(Clone, Debug)]
enum Over {
    /// A log that this process has.
    Log(Log),
    /// A file whose log another process may have.
    #[cfg(feature = "sqlite")]
    File(Arc<Beside>),
}

/// How many signals are put into the index at once, so that whoever publishes does not wait for long.
const STEP: usize = 512;

/// How many numbers are read of the index at once.
const PLACES: usize = 256;

impl Trail {
    pub(crate) const fn new(log: Log) -> Self {
        Self {
            over: Over::Log(log),
        }
    }

    /// The trail of a log in a file, beside whoever has that log: a program that runs, or nobody.
    ///
    /// It only reads. What the index in the file does not have yet it reads and keeps for itself: a
    /// million signals at most.
    ///
    /// ```no_run
    /// use enact_signal_bus::trail::Trail;
    ///
    /// let trail = Trail::open("signals.db")?;
    /// println!("{}", trail.tree("order-1042", 100)?);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store) where there is no log in that file.
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LogError> {
        let over = Over::File(Arc::new(Beside::open(path.as_ref())?));
        Ok(Self { over })
    }

    /// The signal of an id; the first, where several sources have given it.
    ///
    /// One that was damaged before it came into the index is found by nothing.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store); [`Damaged`](crate::log::LogErrorKind::Damaged).
    pub fn find(&self, id: &str) -> Result<Option<Recorded>, LogError> {
        self.catch_up()?;
        self.places(Kind::Id, id).next().transpose()
    }

    /// The signals of an id, of whichever sources, in the order in which they were recorded; `most` at most.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn named(&self, id: &str, most: usize) -> Result<Vec<Recorded>, LogError> {
        self.catch_up()?;
        self.places(Kind::Id, id).take(most).collect()
    }

    /// The signal of an id that a source has given.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn find_of(&self, source: &str, id: &str) -> Result<Option<Recorded>, LogError> {
        self.catch_up()?;
        let mut named = self.places(Kind::Id, id);
        let is_its = |found: &Result<Recorded, LogError>| match found {
            Ok(signal) => signal.source() == source,
            Err(_) => true,
        };
        named.find(is_its).transpose()
    }

    /// What caused a signal, and what caused that, and so on: nearest first, each once.
    pub fn backward(&self, id: &str) -> Chain {
        Chain::backward(self.clone(), id)
    }

    /// What a signal has caused, and what that has caused, and so on: nearest first, each once.
    pub fn forward(&self, id: &str) -> Chain {
        Chain::forward(self.clone(), id)
    }

    /// The causes of a signal that the log has, in the order in which it names them.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn causes(&self, id: &str) -> Result<Vec<Recorded>, LogError> {
        let Some(signal) = self.find(id)? else {
            return Ok(Vec::new());
        };
        let causes = signal.causes();
        let found = causes.iter().filter_map(|id| self.find(id).transpose());
        found.collect()
    }

    /// What a signal has caused, in the order in which it was recorded.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn effects(&self, id: &str) -> Result<Vec<Recorded>, LogError> {
        self.first_effects(id, usize::MAX)
    }

    /// The first of what a signal has caused, in the order in which it was recorded; `most` at most.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn first_effects(&self, id: &str, most: usize) -> Result<Vec<Recorded>, LogError> {
        self.catch_up()?;
        self.places(Kind::Cause, id).take(most).collect()
    }

    /// Begins a query, for signals by their type, time, source, subject or conversation.
    pub fn query(&self) -> Query {
        Query::new(self.clone())
    }

    /// A signal and all that it has caused, as a tree of `most` signals at most.
    ///
    /// # Errors
    /// As those of [`find`](Self::find).
    pub fn tree(&self, id: &str, most: usize) -> Result<Tree, LogError> {
        Tree::grow(self, id, most)
    }

    /// Lets the index have what was recorded since the last time.
    fn catch_up(&self) -> Result<(), LogError> {
        match &self.over {
            Over::Log(log) => index(log),
            #[cfg(feature = "sqlite")]
            Over::File(beside) => beside.catch_up(),
        }
    }

    /// The signals that have a value, by number.
    fn places(&self, kind: Kind, value: &str) -> Places {
        Places {
            trail: self.clone(),
            kind,
            value: value.to_owned(),
            after: 0,
            found: Vec::new().into_iter(),
            ended: false,
        }
    }

    /// The signal of a number, unless it was pruned.
    fn read(&self, sequence: u64) -> Result<Option<Recorded>, LogError> {
        let page = Page {
            after: sequence - 1,
            up_to: sequence,
            pattern: None,
            most: 1,
        };
        let scan = self.reading().wait(move |reader| reader.read(&page))?;
        scan.rows.first().map(Recorded::of).transpose()
    }

    /// The numbers of signals that have a key, so many at most, in order.
    fn lookup(&self, key: u64, after: u64) -> Result<Vec<u64>, LogError> {
        match &self.over {
            Over::Log(log) => {
                let reading = &log.inner().reading;
                reading.wait(move |reader| reader.lookup(key, after, PLACES))
            }
            #[cfg(feature = "sqlite")]
            Over::File(beside) => beside.lookup(key, after, PLACES),
        }
    }

    fn reading(&self) -> &Reading {
        match &self.over {
            Over::Log(log) => &log.inner().reading,
            #[cfg(feature = "sqlite")]
            Over::File(beside) => beside.reading(),
        }
    }

    /// The number of the last signal that the trail has.
    fn last(&self) -> u64 {
        match &self.over {
            Over::Log(log) => log.last(),
            #[cfg(feature = "sqlite")]
            Over::File(beside) => beside.last(),
        }
    }
}

/// Puts what was recorded since the last time into the index of a log.
fn index(log: &Log) -> Result<(), LogError> {
    let last = log.last();
    loop {
        let read = log.inner().reading.wait(move |reader| {
            let page = Page {
                after: reader.indexed()?,
                up_to: last,
                pattern: None,
                most: STEP,
            };
            Ok((page.after, reader.read(&page)?))
        });
        let (after, scan) = read?;
        if scan.up_to == after {
            return Ok(());
        }
        let pairs = scan.rows.iter().flat_map(|row| {
            let sequence = row.sequence;
            row.keys().into_iter().map(move |key| (key, sequence))
        });
        let pairs = pairs.collect();
        let up_to = scan.up_to;
        write(log, Entry::Index { pairs, up_to })?;
    }
}

fn write(log: &Log, entry: Entry) -> Result<(), LogError> {
    let (answer, answered) = channel();
    let work = Work::Write(vec![entry]);
    let waiter = Waiter::anywhere(move |outcome| drop(answer.send(outcome)));
    log.inner().writer.push(Job { work, waiter });
    answered.recv().map_err(|_| LogError::closed())??;
    Ok(())
}

/// The signals that have a value, by number.
struct Places {
    trail: Trail,
    kind: Kind,
    value: String,
    after: u64,
    found: std::vec::IntoIter<u64>,
    ended: bool,
}

impl Iterator for Places {
    type Item = Result<Recorded, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(sequence) = self.found.next() {
                match self.trail.read(sequence) {
                    Ok(Some(found)) if self.kind.fits(&found, &self.value) => {
                        return Some(Ok(found));
                    }
                    Ok(_) => continue,
                    Err(error) => return Some(Err(error)),
                }
            }
            if self.ended {
                return None;
            }
            let (key, after) = (self.kind.key(&self.value), self.after);
            match self.trail.lookup(key, after) {
                Ok(found) => {
                    self.ended = found.len() < PLACES;
                    self.after = found.last().copied().unwrap_or(after);
                    self.found = found.into_iter();
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
