//! Trace ids as the W3C writes them.

use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};
use std::str::FromStr;

/// The trace and the span that a run belongs to.
///
/// Reads and prints the `traceparent` header of [W3C Trace Context](https://www.w3.org/TR/trace-context/)
/// section 3.2, version 00; the flags are kept.
///
/// ```
/// use enact_action_core::context::Trace;
///
/// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let trace: Trace = header.parse()?;
/// assert_eq!(trace.to_string(), header);
/// assert_eq!(trace.child().trace_id(), trace.trace_id());
/// # Ok::<(), enact_action_core::context::TraceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trace {
    trace_id: u128,
    span_id: u64,
    flags: u8,
}

/// A `traceparent` that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no traceparent; write 00-, 32 hex digits, -, 16 hex digits, -, 2 hex digits, all lower \
     case, neither id all zero"
)]
pub struct TraceError(String);

impl Trace {
    /// A new, sampled trace with random ids.
    pub fn root() -> Self {
        Self {
            trace_id: fastrand::u128(1..),
            span_id: fastrand::u64(1..),
            flags: 1,
        }
    }

    /// The span of those ids, not sampled: for whoever keeps ids over restarts.
    pub fn of(trace_id: NonZeroU128, span_id: NonZeroU64) -> Self {
        Self {
            trace_id: trace_id.get(),
            span_id: span_id.get(),
            flags: 0,
        }
    }

    /// The same span, and its caller records the trace.
    #[must_use]
    pub fn sampled(self) -> Self {
        Self {
            flags: self.flags | 1,
            ..self
        }
    }

    /// A new span in the same trace.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            span_id: fastrand::u64(1..),
            ..*self
        }
    }

    /// The trace's id.
    pub fn trace_id(&self) -> u128 {
        self.trace_id
    }

    /// The span's id.
    pub fn span_id(&self) -> u64 {
        self.span_id
    }

    /// Whether the caller records this trace.
    pub fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{:032x}-{:016x}-{:02x}",
            self.trace_id, self.span_id, self.flags
        )
    }
}

impl FromStr for Trace {
    type Err = TraceError;

    fn from_str(text: &str) -> Result<Self, TraceError> {
        read(text).ok_or_else(|| TraceError(text.chars().take(80).collect()))
    }
}

fn read(text: &str) -> Option<Trace> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // Later versions may append parts; version ff is invalid (section 3.2.2).
    let shaped = hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2);
    if !shaped || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let trace_id = u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0)?;
    let span_id = u64::from_str_radix(span, 16).ok().filter(|id| *id != 0)?;
    Some(Trace {
        trace_id,
        span_id,
        flags: u8::from_str_radix(flags, 16).ok()?,
    })
}

fn hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::Trace;

    #[test]
    fn malformed_parents_are_refused() {
        let bad = [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        ];
        for text in bad {
            assert!(text.parse::<Trace>().is_err(), "{text}");
        }
    }

    #[test]
    fn flags_are_kept() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        let trace: Trace = header.parse().unwrap();
        assert!(!trace.is_sampled());
        assert_eq!(trace.child().to_string()[52..], header[52..]);
    }
}
