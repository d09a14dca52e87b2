//! The kinds of failure.

use std::fmt;

use serde::Serialize;

/// The kinds of failure, for a caller to match on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// The params broke a rule; nothing ran.
    Invalid,
    /// The action ran and failed.
    Failed,
    /// An attempt or the whole execution ran out of time.
    Timeout,
    /// The caller cancelled.
    Cancelled,
    /// The action panicked; the panic went no further.
    Panicked,
    /// The program lacks something: a resource, an action of that name.
    Misconfigured,
}

impl Kind {
    /// The kind of that word; `Failed`, where there is none.
    pub(super) fn of(word: &str) -> Self {
        let kinds = [
            Self::Invalid,
            Self::Timeout,
            Self::Cancelled,
            Self::Panicked,
            Self::Misconfigured,
        ];
        let found = kinds.into_iter().find(|kind| kind.as_str() == word);
        found.unwrap_or(Self::Failed)
    }

    /// The kind's stable code, as in JSON, metrics and error texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
            Self::Misconfigured => "misconfigured",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
