//! What an engine could not do.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use enact_action_core::{Failure, Violations};

use crate::journal::StoreError;

/// Why an engine could not do what it was asked.
#[derive(Debug)]
pub struct EngineError {
    kind: Kind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What a caller can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The params break a rule.
    Refused,
    /// There is a run of that id with another workflow or other params.
    Taken,
    /// There is no such run, or it has ended.
    NotThere,
    /// The run is open and can't go on in this process.
    Held,
    /// A workflow would put a secret into the journal.
    Secret,
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
            source,
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

    pub(super) fn input(id: &str, error: serde_json::Error) -> Self {
        let message = format!("could not write for the run {id:?} what it is given as JSON");
        Self::new(Kind::Refused, message, Some(Box::new(error)))
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
        let message = format!("there is no open run {id:?}; `list` tells which there are");
        Self::new(Kind::NotThere, message, None)
    }

    pub(super) fn secrets(leaks: &[String]) -> Self {
        let message = format!(
            "a journal keeps what it has in clear, and these hold secrets: {}; take `secret` out of what \
             is recorded, and let actions get secrets from a resource",
            leaks.join(", ")
        );
        Self::new(Kind::Secret, message, None)
    }

    pub(super) fn store(error: Arc<StoreError>) -> Self {
        Self::new(Kind::Journal, error.to_string(), Some(Box::new(error)))
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
        let source: &(dyn Error + 'static) = &**self.source.as_ref()?;
        Some(source)
    }
}
