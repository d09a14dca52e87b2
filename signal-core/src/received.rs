//! A signal that came, and the envelope it came in.

use std::ops::Deref;

use crate::draft::Cause;
use crate::envelope::Envelope;

/// A signal that came, and the envelope it came in.
///
/// It is used as the signal that it is; [`envelope`](Self::envelope) tells its id, subject and
/// time, and whatever it causes is drafted with `caused_by(&received)`.
#[derive(Debug, Clone)]
pub struct Received<P> {
    signal: P,
    envelope: Envelope,
}

impl<P> Received<P> {
    pub(crate) fn new(signal: P, envelope: Envelope) -> Self {
        Self { signal, envelope }
    }

    /// The envelope it came in.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The envelope alone.
    pub fn into_envelope(self) -> Envelope {
        self.envelope
    }

    /// The signal alone.
    pub fn into_signal(self) -> P {
        self.signal
    }
}

impl<P> Deref for Received<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.signal
    }
}

impl<P> Cause for Received<P> {
    fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}
