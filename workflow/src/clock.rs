//! The time of day, as journals keep it: milliseconds since 1970.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time of day to durable runs: in tests, a time of their own.
///
/// It may jump. Timers are over once it has passed their time, whatever it did before.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now, in milliseconds since 1970.
    fn now(&self) -> u64;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "what is kept over restarts needs the time of day"
    )]
    fn now(&self) -> u64 {
        millis(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        )
    }
}

/// As many milliseconds.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
