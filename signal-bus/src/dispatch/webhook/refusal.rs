//! Why a webhook is not taken.

use std::fmt;

/// Why a webhook is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    kind: RefusalKind,
    what: &'static str,
}

/// What kind of reason it is, each with a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// Its headers can't be read.
    Malformed,
    /// None of its signatures is of a key that is known.
    Signature,
    /// Its timestamp is too far away.
    Time,
    /// It was handled before: answer as if it had been handled now, and do nothing.
    Repeated,
    /// It came before, and whoever handles it is not done: the sender has to come again, since it may fail yet.
    Pending,
    /// Too many were taken within the window to remember one more.
    Full,
}

impl RefusalKind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "webhook.malformed",
            Self::Signature => "webhook.signature",
            Self::Time => "webhook.time",
            Self::Repeated => "webhook.repeated",
            Self::Pending => "webhook.pending",
            Self::Full => "webhook.full",
        }
    }

    /// The status to answer with, so that the sender does what is right: one that was handled before is a
    /// success, and whoever comes while it is being handled, or while there is no room, may come again.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Signature | Self::Time => 401,
            Self::Repeated => 200,
            Self::Pending | Self::Full => 503,
        }
    }
}

impl Refusal {
    pub(super) fn new(kind: RefusalKind, what: &'static str) -> Self {
        Self { kind, what }
    }

    /// What kind of reason it is.
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// The kind's stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the webhook is not taken: {}", self.what)
    }
}

impl std::error::Error for Refusal {}
