//! A failure as people read it, as programs do, and as an error of the standard library.

use std::error::Error;
use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Failure, Undone};

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Failure");
        debug
            .field("kind", &self.0.kind)
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("retryable", &self.is_retryable())
            .field("attempts", &self.0.attempts);
        if let Some(step) = &self.0.step {
            debug.field("step", step);
        }
        if let Some(undone) = &self.0.undone {
            debug.field("undone", undone);
        }
        if let Some(source) = self.source() {
            debug.field("source", &source);
        }
        debug.finish()
    }
}

/// As programs read it: kind, code, message, whether to retry and how often it was tried; where
/// it has them, the step, the least wait, the violations and what came of the undo.
impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.0.kind)?;
        map.serialize_entry("code", &self.0.code)?;
        map.serialize_entry("message", &self.0.message)?;
        map.serialize_entry("retryable", &self.is_retryable())?;
        map.serialize_entry("attempts", &self.0.attempts)?;
        if let Some(step) = &self.0.step {
            map.serialize_entry("step", step)?;
        }
        if let Some(wait) = self.0.retry_after {
            map.serialize_entry("retry_after_ms", &wait.as_millis())?;
        }
        if let Some(violations) = self.violations() {
            map.serialize_entry("violations", violations)?;
        }
        match &self.0.undone {
            None => {}
            Some(Undone::Done) => map.serialize_entry("undone", &true)?,
            Some(Undone::Failed(failure)) => {
                map.serialize_entry("undone", &false)?;
                map.serialize_entry("undo_failure", failure)?;
            }
            Some(undone @ Undone::Steps(steps)) => {
                map.serialize_entry("undone", &undone.is_done())?;
                map.serialize_entry("undo_steps", steps)?;
            }
        }
        map.end()
    }
}

impl From<Failure> for Box<dyn Error + Send + Sync> {
    fn from(failure: Failure) -> Self {
        Box::new(Boxed(failure))
    }
}

impl From<Failure> for Box<dyn Error> {
    fn from(failure: Failure) -> Self {
        Box::new(Boxed(failure))
    }
}

struct Boxed(Failure);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Boxed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
