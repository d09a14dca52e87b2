//! Whether a run does nothing but wait, so that it may leave memory.

use std::collections::BTreeMap;

use super::RunJournal;

/// What of a run is under way, and what waits.
#[derive(Debug, Default)]
pub(super) struct Rest {
    busy: u32,
    /// Until when each wait goes on, where that is known.
    waits: BTreeMap<u64, u64>,
    given: u64,
    /// Counts what the run has not seen when it was polled last.
    arrivals: u64,
    /// The run has left; nothing goes into this journal any more.
    closed: bool,
}

/// Something is under way; as long as this is there the run stays in memory.
#[derive(Debug)]
pub(crate) struct Busy<'a>(&'a RunJournal);

/// A part of the run waits, and need not be in memory for that.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    journal: &'a RunJournal,
    number: u64,
}

impl RunJournal {
    /// Something is under way.
    pub(crate) fn busy(&self) -> Busy<'_> {
        self.state().rest.busy += 1;
        Busy(self)
    }

    /// Something is under way that comes from outside; nothing, where the run has left.
    pub(crate) fn enter(&self) -> Option<Busy<'_>> {
        let mut state = self.state();
        if state.rest.closed {
            return None;
        }
        state.rest.busy += 1;
        Some(Busy(self))
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
        self.state().rest.arrivals += 1;
    }

    /// How much has come; asked before the run is polled.
    pub(crate) fn arrivals(&self) -> u64 {
        self.state().rest.arrivals
    }

    /// Whether the run does nothing but wait.
    pub(crate) fn is_at_rest(&self) -> bool {
        let state = self.state();
        state.rest.busy == 0 && !state.rest.waits.is_empty()
    }

    /// Closes the journal of a run at rest; until when it rests. Not, where something has come since it
    /// was polled, nor where it goes on within so many milliseconds.
    pub(crate) fn leave(&self, seen: u64, soon: u64) -> Option<u64> {
        let now = self.now();
        let mut state = self.state();
        let rest = &mut state.rest;
        if rest.busy > 0 || rest.arrivals != seen {
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
        self.0.state().rest.busy -= 1;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.journal.state().rest.waits.remove(&self.number);
    }
}
