//! Whether a run does nothing but wait, so that it may leave memory.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::task::Waker;

use super::RunJournal;

/// What of a run waits, and whether it has left.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// Until when each wait goes on, where that is known.
    waits: BTreeMap<u64, u64>,
    given: u64,
    /// The run has left; nothing goes into this journal any more.
    closed: bool,
}

/// Something is under way; as long as this is there the run stays in memory.
#[derive(Debug)]
pub(crate) struct Busy<'a>(&'a RunJournal);

/// Something is under way that comes from outside. When it is over the run looks again whether it only waits.
#[derive(Debug)]
pub(crate) struct Entered<'a> {
    _busy: Busy<'a>,
    /// After that.
    _wakes: Wakes<'a>,
}

#[derive(Debug)]
struct Wakes<'a>(&'a RunJournal);

/// A part of the run waits, and need not be in memory for that.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    journal: &'a RunJournal,
    number: u64,
}

impl RunJournal {
    /// Something is under way.
    ///
    /// The run says so of itself, which does not leave meanwhile; who comes from outside [enters](Self::enter).
    pub(crate) fn busy(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::AcqRel);
        Busy(self)
    }

    fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Acquire) > 0
    }

    /// Something is under way that comes from outside; nothing, where the run has left.
    pub(crate) fn enter(&self) -> Option<Entered<'_>> {
        let state = self.state();
        // Under the lock, so that the run does not leave between the two.
        (!state.rest.closed).then(|| Entered {
            _busy: self.busy(),
            _wakes: Wakes(self),
        })
    }

    /// The run is polled by the task of that waker, as long as it stays in memory.
    pub(crate) fn polled_by(&self, task: &Waker) {
        self.task.get_or_init(|| task.clone());
    }

    /// A part waits, for a signal or until a time.
    pub(crate) fn waiting(&self, until: u64) -> Waiting<'_> {
        let mut state = self.state();
        state.rest.given += 1;
        let number = state.rest.given;
        state.rest.waits.insert(number, until);
        Waiting {
            journal: self,
            number,
        }
    }

    /// Something has come that the run is to see when it is polled next.
    pub(crate) fn arrival(&self) {
        self.arrivals.fetch_add(1, Ordering::AcqRel);
    }

    /// How much has come; asked before the run is polled.
    pub(crate) fn arrivals(&self) -> u64 {
        self.arrivals.load(Ordering::Acquire)
    }

    /// Whether the run does nothing but wait.
    pub(crate) fn is_at_rest(&self) -> bool {
        !self.is_busy() && !self.state().rest.waits.is_empty()
    }

    /// Closes the journal of a run at rest; until when it rests. Not, where something has come since it
    /// was polled, nor where it goes on within so many milliseconds.
    pub(crate) fn leave(&self, seen: u64, soon: u64) -> Option<u64> {
        let now = self.now();
        let mut state = self.state();
        let rest = &mut state.rest;
        if self.is_busy() || self.arrivals() != seen {
            return None;
        }
        let until = rest.waits.values().min().copied()?;
        if until <= now.saturating_add(soon) {
            return None;
        }
        rest.closed = true;
        Some(until)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Drop for Wakes<'_> {
    fn drop(&mut self) {
        if let Some(task) = self.0.task.get() {
            task.wake_by_ref();
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.journal.state().rest.waits.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Wake, Waker};

    use super::*;
    use crate::clock::SystemClock;
    use crate::journal::{Memory, Writer};

    /// How often a run was woken, and whether it was at rest then.
    struct Woken {
        journal: Arc<RunJournal>,
        at_rest: AtomicU32,
    }

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            let at_rest = self.journal.is_at_rest().into();
            self.at_rest.fetch_add(at_rest, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_run_is_woken_when_what_came_from_outside_is_over_and_it_only_waits() {
        let writer = Writer::start(Box::new(Memory::default())).unwrap();
        let journal = RunJournal::new(1, writer, Arc::new(SystemClock), 1024, None).unwrap();
        let journal = Arc::new(journal);
        let woken = Arc::new(Woken {
            journal: Arc::clone(&journal),
            at_rest: AtomicU32::new(0),
        });
        journal.polled_by(&Waker::from(Arc::clone(&woken)));
        let _waiting = journal.waiting(u64::MAX);
        drop(journal.busy());
        assert_eq!(
            woken.at_rest.load(Ordering::Relaxed),
            0,
            "it did that itself"
        );
        let entered = journal.enter();
        assert!(entered.is_some() && !journal.is_at_rest());
        drop(entered);
        assert_eq!(woken.at_rest.load(Ordering::Relaxed), 1);
    }
}
