//! How large what is written and read may be.

use crate::error::SignalError;

/// How large what is written and read may be, the same both ways.
///
/// CloudEvents asks every intermediary for 64 KiB at least ("Size Limits").
///
/// ```
/// use enact_signal_core::{Limits, json};
///
/// let limits = Limits { event: 16, ..Limits::default() };
/// let refused = json::read(br#"{ "specversion": "1.0" }"#, &limits).unwrap_err();
/// assert_eq!(refused.to_string(), "the event has 24 bytes, and 16 are allowed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one event, its attributes included; 1 MiB by default.
    pub event: usize,
    /// Bytes of one batch; 16 MiB by default.
    pub batch: usize,
    /// Events of one batch; 10 000 by default.
    pub events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            event: 1 << 20,
            batch: 16 << 20,
            events: 10_000,
        }
    }
}

impl Limits {
    pub(crate) fn event(&self, found: usize) -> Result<(), SignalError> {
        within("the event", found, self.event, "bytes")
    }

    pub(crate) fn batch(&self, found: usize) -> Result<(), SignalError> {
        within("the batch", found, self.batch, "bytes")
    }

    pub(crate) fn events(&self, found: usize) -> Result<(), SignalError> {
        within("the batch", found, self.events, "events")
    }
}

fn within(what: &str, found: usize, allowed: usize, unit: &str) -> Result<(), SignalError> {
    if found <= allowed {
        return Ok(());
    }
    Err(SignalError::too_large(what, found, allowed, unit))
}
