//! Why a log did not do what was asked of it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use enact_signal_core::SignalError;

use super::store::StoreError;
use crate::bus::middleware::Refusal;

/// Why a log did not do what was asked of it.
#[derive(Debug)]
pub struct LogError(Cause);

#[derive(Debug)]
enum Cause {
    Signal { index: usize, error: SignalError },
    Refused { index: usize, refusal: Refusal },
    Store(Arc<StoreError>),
    Thread(std::io::Error),
    Damaged(super::store::Damage),
    Busy { name: Arc<str> },
    Settled { sequence: u64 },
    Closed,
}

/// What a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogErrorKind {
    /// A signal could not be sealed or written; it will not be by trying again.
    Signal,
    /// A middleware has halted a signal.
    Halted,
    /// A middleware has panicked.
    Middleware,
    /// The store can't be read or written. Nothing more is taken: open the log anew.
    Store,
    /// A signal that was recorded can't be read any more.
    Damaged,
    /// The subscription is open already, or a delivery of it is.
    Busy,
    /// The delivery was settled before, by somebody who had it earlier or by running out of attempts.
    Settled,
    /// The log was closed.
    Closed,
}

impl LogErrorKind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signal => "log.signal",
            Self::Halted => "log.halted",
            Self::Middleware => "log.middleware",
            Self::Store => "log.store",
            Self::Damaged => "log.damaged",
            Self::Busy => "log.busy",
            Self::Settled => "log.settled",
            Self::Closed => "log.closed",
        }
    }
}

impl LogError {
    pub(crate) const fn signal(index: usize, error: SignalError) -> Self {
        Self(Cause::Signal { index, error })
    }

    pub(crate) const fn refused(index: usize, refusal: Refusal) -> Self {
        Self(Cause::Refused { index, refusal })
    }

    pub(crate) const fn thread(error: std::io::Error) -> Self {
        Self(Cause::Thread(error))
    }

    pub(crate) const fn damaged(damage: super::store::Damage) -> Self {
        Self(Cause::Damaged(damage))
    }

    pub(crate) const fn busy(name: Arc<str>) -> Self {
        Self(Cause::Busy { name })
    }

    pub(crate) const fn settled(sequence: u64) -> Self {
        Self(Cause::Settled { sequence })
    }

    pub(crate) const fn closed() -> Self {
        Self(Cause::Closed)
    }

    /// What a caller can act on.
    pub const fn kind(&self) -> LogErrorKind {
        match &self.0 {
            Cause::Signal { .. } => LogErrorKind::Signal,
            Cause::Refused { refusal, .. } if refusal.panicked => LogErrorKind::Middleware,
            Cause::Refused { .. } => LogErrorKind::Halted,
            Cause::Store(_) | Cause::Thread(_) => LogErrorKind::Store,
            Cause::Damaged(_) => LogErrorKind::Damaged,
            Cause::Busy { .. } => LogErrorKind::Busy,
            Cause::Settled { .. } => LogErrorKind::Settled,
            Cause::Closed => LogErrorKind::Closed,
        }
    }
}

impl From<Arc<StoreError>> for LogError {
    fn from(error: Arc<StoreError>) -> Self {
        Self(Cause::Store(error))
    }
}

impl From<StoreError> for LogError {
    fn from(error: StoreError) -> Self {
        Self::from(Arc::new(error))
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Signal { index, .. } => {
                write!(f, "could not publish: signal {index} could not be sealed")
            }
            Cause::Refused { index, refusal } => {
                write!(f, "could not publish: signal {index}: {refusal}")
            }
            Cause::Store(error) => error.fmt(f),
            Cause::Thread(_) => f.write_str("could not open the log: no thread could be started"),
            Cause::Damaged(damage) => damage.fmt(f),
            Cause::Busy { name } => write!(
                f,
                "could not subscribe: `{name}` is open; clone that subscription to share it, or let go \
                 of it and of its deliveries"
            ),
            Cause::Settled { sequence } => write!(
                f,
                "could not settle signal {sequence}: it was settled before; allow more time with \
                 `ack_deadline`"
            ),
            Cause::Closed => f.write_str("could not reach the log: it was closed"),
        }
    }
}

impl Error for LogError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Signal { error, .. } => Some(error),
            Cause::Store(error) => error.source(),
            Cause::Thread(error) => Some(error),
            Cause::Damaged(damage) => damage.source(),
            Cause::Refused { .. } | Cause::Busy { .. } | Cause::Settled { .. } | Cause::Closed => {
                None
            }
        }
    }
}

/// An error with its causes.
pub(crate) fn told(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}
