//! Why nothing was published.

use std::error::Error;
use std::fmt;

use enact_signal_core::{Pattern, SignalError};

/// Why nothing was published: nobody has got any of it.
#[derive(Debug)]
pub struct PublishError(Cause);

#[derive(Debug)]
enum Cause {
    Signal { index: usize, error: SignalError },
    Full { pattern: Pattern },
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
    /// The bus was closed.
    Closed,
}

impl PublishErrorKind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signal => "bus.signal",
            Self::Full => "bus.full",
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

    pub(super) const fn closed() -> Self {
        Self(Cause::Closed)
    }

    /// What a caller can act on.
    pub const fn kind(&self) -> PublishErrorKind {
        match self.0 {
            Cause::Signal { .. } => PublishErrorKind::Signal,
            Cause::Full { .. } => PublishErrorKind::Full,
            Cause::Closed => PublishErrorKind::Closed,
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
            Cause::Closed => f.write_str("could not publish: the bus was closed"),
        }
    }
}

impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Signal { error, .. } => Some(error),
            Cause::Full { .. } | Cause::Closed => None,
        }
    }
}
