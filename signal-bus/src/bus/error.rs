//! Why nothing was published.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use enact_signal_core::{Pattern, SignalError};

use super::middleware::Refusal;

/// Why nothing was published: nobody has got any of it.
#[derive(Debug)]
pub struct PublishError(Cause);

#[derive(Debug)]
enum Cause {
    Signal { index: usize, error: SignalError },
    Full { pattern: Pattern },
    Limited { whose: String, wait: Duration },
    Refused { index: usize, refusal: Refusal },
    Closed,
}

/// What a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublishErrorKind {
    /// A signal could not be sealed; it will not be by trying again.
    Signal,
    /// A subscription that refuses what it has no room for has none; it may have some later.
    Full,
    /// A rate lets no more pass now; [`PublishError::retry_after`] says when it will.
    Limited,
    /// A middleware has halted a signal.
    Halted,
    /// A middleware has panicked.
    Middleware,
    /// The bus was closed.
    Closed,
}

impl PublishErrorKind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signal => "bus.signal",
            Self::Full => "bus.full",
            Self::Limited => "bus.limited",
            Self::Halted => "bus.halted",
            Self::Middleware => "bus.middleware",
            Self::Closed => "bus.closed",
        }
    }
}

impl PublishError {
    pub(super) const fn signal(index: usize, error: SignalError) -> Self {
        Self(Cause::Signal { index, error })
    }

    pub(super) const fn full(pattern: Pattern) -> Self {
        Self(Cause::Full { pattern })
    }

    pub(super) const fn limited(whose: String, wait: Duration) -> Self {
        Self(Cause::Limited { whose, wait })
    }

    pub(super) const fn refused(index: usize, refusal: Refusal) -> Self {
        Self(Cause::Refused { index, refusal })
    }

    pub(super) const fn closed() -> Self {
        Self(Cause::Closed)
    }

    /// What a caller can act on.
    pub const fn kind(&self) -> PublishErrorKind {
        match &self.0 {
            Cause::Signal { .. } => PublishErrorKind::Signal,
            Cause::Full { .. } => PublishErrorKind::Full,
            Cause::Limited { .. } => PublishErrorKind::Limited,
            Cause::Refused { refusal, .. } if refusal.panicked => PublishErrorKind::Middleware,
            Cause::Refused { .. } => PublishErrorKind::Halted,
            Cause::Closed => PublishErrorKind::Closed,
        }
    }

    /// How long to wait before publishing again, where a rate says so.
    pub const fn retry_after(&self) -> Option<Duration> {
        match &self.0 {
            Cause::Limited { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Signal { index, .. } => {
                write!(f, "could not publish: signal {index} could not be sealed")
            }
            Cause::Full { pattern } => write!(
                f,
                "could not publish: the subscription to `{pattern}` has no room for it; publish \
                 again later, or fewer at once"
            ),
            Cause::Limited { whose, wait } => write!(
                f,
                "could not publish: the rate of {whose} is used up; publish again in {wait:?}"
            ),
            Cause::Refused { index, refusal } => {
                write!(f, "could not publish: signal {index}: {refusal}")
            }
            Cause::Closed => f.write_str("could not publish: the bus was closed"),
        }
    }
}

impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Signal { error, .. } => Some(error),
            _ => None,
        }
    }
}
