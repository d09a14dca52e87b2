//! Which part of a log is meant.

use enact_signal_core::{Pattern, Timestamp};

use super::clock::millis;

/// Where reading begins.
///
/// ```
/// use enact_signal_bus::log::StartFrom;
///
/// assert_eq!(StartFrom::default(), StartFrom::Latest);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartFrom {
    /// With the first signal that there is.
    Origin,
    /// With what is published from now on.
    #[default]
    Latest,
    /// With the signal of that number.
    Sequence(u64),
    /// With the first signal that was recorded at that time or later.
    Time(Timestamp),
}

/// Which signals of a log are meant: those of a pattern, between two ends.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::pattern;
/// use enact_signal_bus::log::{Select, StartFrom};
///
/// let orders = Select::of(pattern!("order.**"))
///     .from(StartFrom::Sequence(10))
///     .up_to(20);
/// let everything = Select::all();
/// # let _ = (orders, everything);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Select {
    pub(crate) pattern: Option<Pattern>,
    pub(crate) from: StartFrom,
    pub(crate) up_to: Option<u64>,
    pub(crate) before: Option<Timestamp>,
}

impl Select {
    /// All that there is.
    pub const fn all() -> Self {
        Self {
            pattern: None,
            from: StartFrom::Origin,
            up_to: None,
            before: None,
        }
    }

    /// All whose types a pattern stands for.
    pub fn of(pattern: impl Into<Pattern>) -> Self {
        Self {
            pattern: Some(pattern.into()),
            ..Self::all()
        }
    }

    /// Those from there on.
    pub fn from(self, from: StartFrom) -> Self {
        Self { from, ..self }
    }

    /// Those up to that number, which is included.
    pub fn up_to(self, sequence: u64) -> Self {
        Self {
            up_to: Some(sequence),
            ..self
        }
    }

    /// Those that were recorded before that time.
    pub fn before(self, time: Timestamp) -> Self {
        Self {
            before: Some(time),
            ..self
        }
    }
}

/// A point in time as logs keep it.
pub(crate) fn moment(time: &Timestamp) -> u64 {
    let since = time
        .to_system_time()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    millis(since)
}
