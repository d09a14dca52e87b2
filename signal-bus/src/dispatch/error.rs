//! Why a signal could not be delivered.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::SignalError;

/// Why a signal could not be delivered.
///
/// [`is_retryable`](Self::is_retryable) says whether trying again can help. A clone is a pointer:
/// signals that were sent together share one.
///
/// ```
/// use std::time::Duration;
///
/// use enact_signal_bus::dispatch::{DispatchError, Kind};
///
/// let busy = DispatchError::new(Kind::Busy, "shop", "it answered 429")
///     .retry_after(Duration::from_secs(30));
/// assert!(busy.is_retryable());
/// assert_eq!(busy.code(), "dispatch.busy");
/// assert_eq!(busy.to_string(), "could not deliver to `shop`: it answered 429");
/// ```
#[derive(Clone, Debug)]
pub struct DispatchError(Arc<Cause>);

#[derive(Clone, Debug)]
struct Cause {
    kind: Kind,
    target: String,
    what: String,
    wait: Option<Duration>,
    attempts: u32,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What kind of thing went wrong, each with a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The target's configuration can't work. Terminal.
    Misconfigured,
    /// The address is private, or special in another way, and not allowed. Terminal.
    Forbidden,
    /// The signal can't be written as this target asks. Terminal.
    Unwritable,
    /// The target took the signal for wrong. Terminal.
    Refused,
    /// The target is no more, and wants no more. Terminal.
    Gone,
    /// A handler panicked. Terminal.
    Panicked,
    /// There was no way to the target, or it broke off. Retryable.
    Unreachable,
    /// The target did not answer in time. Retryable.
    Timeout,
    /// The target has too much to do; it may say when to come back. Retryable.
    Busy,
    /// The target failed. Retryable.
    Failed,
    /// Too many wait here already. Retryable.
    Full,
    /// The target failed so often that it is left alone for a while. Retryable.
    Open,
}

impl Kind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Misconfigured => "dispatch.misconfigured",
            Self::Forbidden => "dispatch.forbidden",
            Self::Unwritable => "dispatch.unwritable",
            Self::Refused => "dispatch.refused",
            Self::Gone => "dispatch.gone",
            Self::Panicked => "dispatch.panicked",
            Self::Unreachable => "dispatch.unreachable",
            Self::Timeout => "dispatch.timeout",
            Self::Busy => "dispatch.busy",
            Self::Failed => "dispatch.failed",
            Self::Full => "dispatch.full",
            Self::Open => "dispatch.open",
        }
    }

    /// Whether trying again, later and unchanged, can help.
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Misconfigured
            | Self::Forbidden
            | Self::Unwritable
            | Self::Refused
            | Self::Gone
            | Self::Panicked => false,
            Self::Unreachable
            | Self::Timeout
            | Self::Busy
            | Self::Failed
            | Self::Full
            | Self::Open => true,
        }
    }

    /// Whether it says that the target is not well, as a breaker asks.
    pub(super) const fn is_ill(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Timeout | Self::Busy | Self::Failed
        )
    }
}

impl DispatchError {
    /// A failure of that kind, of the target of that name; `what` says what happened and what to do.
    pub fn new(kind: Kind, target: &str, what: impl Into<String>) -> Self {
        Self(Arc::new(Cause {
            kind,
            target: target.to_owned(),
            what: what.into(),
            wait: None,
            attempts: 1,
            source: None,
        }))
    }

    /// The same, because of something else.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = Some(Arc::from(source.into()));
        self.with(|cause| cause.source = source)
    }

    /// The same, not to be tried again before so long.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with(|cause| cause.wait = Some(wait))
    }

    /// What can't be written.
    pub(super) fn unwritable(target: &str, source: SignalError) -> Self {
        let what = "the signal can't be written; change its data or raise the limits";
        Self::new(Kind::Unwritable, target, what).because(source)
    }

    /// The same, of the target of that name.
    #[cfg(any(feature = "outbox", feature = "outbox-postgres"))]
    pub(super) fn named(self, target: &str) -> Self {
        self.with(|cause| target.clone_into(&mut cause.target))
    }

    pub(super) fn after(self, attempts: u32) -> Self {
        self.with(|cause| cause.attempts = attempts)
    }

    fn with(mut self, change: impl FnOnce(&mut Cause)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The kind's stable code.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Whether trying again, later and unchanged, can help.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }

    /// How long to wait at least before that, where the target has said so.
    pub fn wait(&self) -> Option<Duration> {
        self.0.wait
    }

    /// How often it was tried.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The name of the target.
    pub fn target(&self) -> &str {
        &self.0.target
    }
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cause { target, what, .. } = &*self.0;
        write!(f, "could not deliver to `{target}`: {what}")?;
        match self.0.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

impl Error for DispatchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
