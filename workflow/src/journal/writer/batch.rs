//! Entries and works in the order in which they came, as the writer takes them.

use super::wake::Waiter;
use crate::journal::store::{Entry, Store, StoreError};

/// Something for the writer to do.
pub(super) enum Job {
    Write(Entry, Haste),
    Ask(Entry, Waiter),
    Do(Work),
}

/// How soon something is to be written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Haste {
    /// When it has waited long enough.
    #[default]
    None,
    /// Soon, though nobody waits for it.
    Soon,
    /// At once: somebody waits for it.
    Now,
}

impl Job {
    pub(super) fn haste(&self) -> Haste {
        match self {
            Self::Write(_, haste) => *haste,
            Self::Ask(..) | Self::Do(_) => Haste::Now,
        }
    }
}

pub(super) type Work = Box<dyn FnOnce(&mut dyn Store) -> Result<(), StoreError> + Send>;

/// Jobs, kept so that entries need not be moved again until they are written.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    /// Who waits to hear whether an entry was taken, by its place.
    pub(super) asked: Vec<(usize, Waiter)>,
    /// What is done with the store, after so many entries.
    pub(super) works: Vec<(usize, Work)>,
}

impl Batch {
    /// An empty one with room for as many entries.
    pub(super) fn like(&self) -> Self {
        Self {
            entries: Vec::with_capacity(self.entries.len()),
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.works.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn push(&mut self, job: Job) {
        let place = self.entries.len();
        match job {
            Job::Do(work) => self.works.push((place, work)),
            Job::Write(entry, _) => self.entries.push(entry),
            Job::Ask(entry, waiter) => {
                self.entries.push(entry);
                self.asked.push((place, waiter));
            }
        }
    }
}
