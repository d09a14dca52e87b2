//! What an engine could not do.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use enact_action_core::{Failure, Violations};

use crate::journal::sealed::Unfit;
use crate::journal::{Damage, StoreError};

/// How many bytes the id of a run may have, so that every store can look it up.
pub(super) const MOST_ID: usize = 1024;

/// Why an engine could not do what it was asked.
#[derive(Debug)]
pub struct EngineError {
    kind: Kind,
    message: String,
    source: Option<Cause>,
}

#[derive(Debug)]
enum Cause {
    /// Its words are the error's own.
    Store(Arc<StoreError>),
    Other(Box<dyn Error + Send + Sync>),
}

/// What a caller can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The params break a rule, or the id does.
    Refused,
    /// There is a run of that id with another workflow or other params.
    Taken,
    /// There is no such run, or it has ended.
    NotThere,
    /// The run has not failed.
    NotFailed,
    /// The run has left nothing that could not be undone.
    NothingLeft,
    /// The run is open and can't go on in this process.
    Held,
    /// A workflow would put a secret into a journal that is not sealed.
    Secret,
    /// The journal is sealed, and not with the keys that are given.
    Sealed,
    /// The journal could not be opened, read or written.
    Journal,
}

impl EngineError {
    fn new(
        kind: Kind,
        message: impl Into<String>,
        source: Option<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            source: source.map(Cause::Other),
        }
    }

    /// What a caller can act on.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn refused(id: &str, violations: Violations) -> Self {
        let message = format!("could not start the run {id:?}: its params break a rule");
        Self::new(Kind::Refused, message, Some(Box::new(violations)))
    }

    pub(crate) fn input(id: &str, error: serde_json::Error) -> Self {
        let message = format!("could not write for the run {id:?} what it is given as JSON");
        Self::new(Kind::Refused, message, Some(Box::new(error)))
    }

    pub(super) fn event(id: &str, error: enact_signal_core::SignalError) -> Self {
        let message = format!("could not read what the event for the run {id:?} says");
        Self::new(Kind::Refused, message, Some(Box::new(error)))
    }

    pub(super) fn name(id: &str) -> Self {
        let message = format!(
            "could not start a run of that id: one has 1 to {MOST_ID} bytes and no NUL, and this one has {}",
            id.len()
        );
        Self::new(Kind::Refused, message, None)
    }

    #[cfg(feature = "schedule")]
    pub(crate) fn schedule(kind: Kind, name: &str, why: &str) -> Self {
        Self::new(kind, format!("could not schedule {name:?}: {why}"), None)
    }

    pub(super) fn taken(id: &str) -> Self {
        let message = format!(
            "there is a run {id:?} with another workflow or other params; take another id, or start it \
             with the same"
        );
        Self::new(Kind::Taken, message, None)
    }

    pub(super) fn unknown(id: &str) -> Self {
        let message = format!(
            "could not start the run {id:?}: the registry does not have its workflow, as happens to one \
             that is defined inside of a test"
        );
        Self::new(Kind::NotThere, message, None)
    }

    pub(super) fn held(id: &str, why: &str) -> Self {
        let message = format!("the run {id:?} is open and does not go on here: {why}");
        Self::new(Kind::Held, message, None)
    }

    pub(super) fn not_there(id: &str) -> Self {
        let message = format!("there is no run {id:?}; `list` tells which there are");
        Self::new(Kind::NotThere, message, None)
    }

    pub(super) fn not_open(id: &str) -> Self {
        let message = format!("the run {id:?} has ended; `retry` opens one that has failed");
        Self::new(Kind::NotThere, message, None)
    }

    pub(super) fn not_failed(id: &str) -> Self {
        let message = format!("the run {id:?} has not failed, so there is nothing to try again");
        Self::new(Kind::NotFailed, message, None)
    }

    pub(super) fn nothing_left(id: &str) -> Self {
        let message = format!(
            "the run {id:?} has left nothing that could not be undone; `retry` tries one that has failed again"
        );
        Self::new(Kind::NothingLeft, message, None)
    }

    pub(super) fn damaged(id: &str, damage: Damage) -> Self {
        let message = format!("the run {id:?} can't be read");
        Self::new(Kind::Held, message, Some(Box::new(damage)))
    }

    pub(super) fn secrets(leaks: &[String]) -> Self {
        let message = format!(
            "a journal without a key keeps what it has in clear, and these hold secrets: {}; give it one with \
             `Settings::keys` (feature `sealed`), or take `secret` out of what is recorded and let actions get \
             secrets from a resource",
            leaks.join(", ")
        );
        Self::new(Kind::Secret, message, None)
    }

    pub(super) fn store(error: Arc<StoreError>) -> Self {
        Self {
            kind: Kind::Journal,
            message: error.to_string(),
            source: Some(Cause::Store(error)),
        }
    }

    /// A journal could not be opened, which may be for its keys.
    pub(super) fn opening(error: StoreError) -> Self {
        let unfit = Error::source(&error).is_some_and(<dyn Error>::is::<Unfit>);
        Self {
            kind: if unfit { Kind::Sealed } else { Kind::Journal },
            ..Self::store(Arc::new(error))
        }
    }

    pub(super) fn graphs(error: serde_json::Error) -> Self {
        let message = "could not write down the program's graphs as JSON";
        Self::new(Kind::Journal, message, Some(Box::new(error)))
    }

    pub(super) fn thread(error: std::io::Error) -> Self {
        let message = "could not start the journal's writer";
        Self::new(Kind::Journal, message, Some(Box::new(error)))
    }

    pub(super) fn journal(id: &str, failure: Failure) -> Self {
        let message = format!("could not record it for the run {id:?}");
        Self::new(Kind::Journal, message, Some(failure.into()))
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EngineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.source.as_ref()? {
            Cause::Store(store) => store.source(),
            Cause::Other(error) => Some(&**error),
        }
    }
}
