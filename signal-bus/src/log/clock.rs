//! The time of day, as logs keep it: milliseconds since 1970.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time of day to a log: in tests, a time of their own.
///
/// It may jump. What the log records never goes back; what is due is due once it has passed.
///
/// ```
/// use enact_signal_bus::log::Clock;
///
/// /// It is always noon.
/// #[derive(Debug)]
/// struct Noon;
///
/// impl Clock for Noon {
///     fn now(&self) -> u64 {
///         12 * 60 * 60 * 1000
///     }
/// }
/// # assert!(Noon.now() < enact_signal_bus::log::SystemClock.now());
/// ```
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now, in milliseconds since 1970.
    fn now(&self) -> u64;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
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
