//! A signal as publishers and subscribers see it.

use std::ops::Deref;

use enact_signal_core::{Cause, Envelope};

/// A signal as a subscriber gets it: its envelope, and its place in what the bus has seen, or in the log.
#[derive(Clone, Debug)]
pub struct Delivery {
    envelope: Envelope,
    sequence: u64,
    fate: Fate,
}

/// What became of a signal that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fate {
    /// It was given to all who have subscribed to it, or is recorded.
    Given,
    /// It had been published before, within the window, and was not given or recorded again.
    Duplicate,
    /// A middleware skipped it.
    Skipped,
}

impl Delivery {
    pub(crate) const fn new(envelope: Envelope) -> Self {
        Self {
            envelope,
            sequence: 0,
            fate: Fate::Given,
        }
    }

    pub(super) fn with(self, envelope: Envelope) -> Self {
        Self { envelope, ..self }
    }

    pub(crate) fn settle(&mut self, fate: Fate, sequence: u64) {
        (self.fate, self.sequence) = (fate, sequence);
    }

    /// The envelope.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The envelope, for good.
    pub fn into_envelope(self) -> Envelope {
        self.envelope
    }

    /// How many signals had been published when this one was, itself included.
    ///
    /// Of one that was published [before](Fate::Duplicate) it is the number of then; one that was
    /// [skipped](Fate::Skipped) is not counted. In a log it is its place there, and 0 where it was skipped.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// What became of it; what a subscriber gets was always given.
    pub const fn fate(&self) -> Fate {
        self.fate
    }
}

impl Deref for Delivery {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        &self.envelope
    }
}

/// What is published because of it is caused by it.
impl Cause for Delivery {
    fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}
