//! A trail over a file whose log another process may have: what its index lacks is kept in memory.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::STEP;
use crate::log::{LogError, Page, Reading, StoreError, beside};

/// How many signals are kept in memory that the index of the file does not have.
const MOST: u64 = 1_000_000;

/// A file that is only read.
pub(super) struct Beside {
    place: String,
    reading: Reading,
    /// The index of the file is used up to that signal: what is added to it later is in `rest`.
    indexed: u64,
    rest: Mutex<Rest>,
}

/// What the index of the file did not have when it was opened.
struct Rest {
    up_to: u64,
    places: HashMap<u64, Vec<u64>>,
}

impl Beside {
    pub(super) fn open(path: &Path) -> Result<Self, LogError> {
        let mut reader = beside(path)?;
        let indexed = reader.indexed()?;
        let rest = Rest {
            up_to: indexed,
            places: HashMap::new(),
        };
        Ok(Self {
            place: path.display().to_string(),
            reading: Reading::inline(reader),
            indexed,
            rest: Mutex::new(rest),
        })
    }

    pub(super) const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Up to where the trail goes.
    pub(super) fn last(&self) -> u64 {
        self.rest().up_to
    }

    /// Reads what was recorded since the last time.
    pub(super) fn catch_up(&self) -> Result<(), LogError> {
        let mut rest = self.rest();
        let (last, _) = self.reading.wait(|reader| reader.last())?;
        let behind = last.saturating_sub(self.indexed);
        if behind > MOST {
            let why = format!(
                "the index of its trail is {behind} signals behind; ask the program that has the log for a \
                 trail once, which mends that"
            );
            return Err(StoreError::new("read", &*self.place, why).into());
        }
        while rest.up_to < last {
            let page = Page {
                after: rest.up_to,
                up_to: last,
                pattern: None,
                most: STEP,
            };
            let scan = self.reading.wait(move |reader| reader.read(&page))?;
            if scan.up_to == rest.up_to {
                break;
            }
            for row in &scan.rows {
                for key in row.keys() {
                    rest.places.entry(key).or_default().push(row.sequence);
                }
            }
            rest.up_to = scan.up_to;
        }
        Ok(())
    }

    /// The signals with greater numbers that have a key, by number, so many at most.
    pub(super) fn lookup(&self, key: u64, after: u64, most: usize) -> Result<Vec<u64>, LogError> {
        let mut found = self
            .reading
            .wait(move |reader| reader.lookup(key, after, most))?;
        found.retain(|sequence| *sequence <= self.indexed);
        let rest = self.rest();
        let more = rest.places.get(&key).into_iter().flatten().copied();
        let more = more.filter(|sequence| *sequence > after);
        let room = most.saturating_sub(found.len());
        found.extend(more.take(room));
        Ok(found)
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside")
            .field("place", &self.place)
            .field("indexed", &self.indexed)
            .finish_non_exhaustive()
    }
}
