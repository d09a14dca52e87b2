//! A durable run as its caller sees it.

use std::fmt;
use std::marker::PhantomData;

use enact_action_core::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::live::Taken;
use crate::journal::{RunRow, Status};

/// A durable run. Dropping this changes nothing about it.
pub struct Durable<O> {
    id: String,
    run: Taken,
    output: PhantomData<fn() -> O>,
}

impl<O: DeserializeOwned> Durable<O> {
    pub(super) fn new(id: &str, run: Taken) -> Self {
        Self {
            id: id.to_owned(),
            run,
            output: PhantomData,
        }
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the run stands.
    pub fn status(&self) -> Status {
        self.run.status()
    }

    /// Waits until the run has ended.
    ///
    /// # Errors
    /// What the run failed with; `journal.unwritable` where it could not be recorded and stays open.
    pub async fn answer(&self) -> Result<O, Failure> {
        let answer = self.run.answer().await?;
        Ok(serde_json::from_value(answer)?)
    }
}

impl<O> fmt::Debug for Durable<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Durable")
            .field("id", &self.id)
            .field("status", &self.run.status())
            .finish_non_exhaustive()
    }
}

/// One run, in a line.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// Its workflow.
    pub workflow: String,
    /// Where it stands.
    pub status: Status,
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// When it ended.
    pub ended: Option<u64>,
    /// What it answered, or the failure.
    pub body: Option<Value>,
}

impl Summary {
    pub(super) fn of(row: RunRow) -> Self {
        let (body, ended) = match row.ended {
            Some((body, at)) => (Some(body), Some(at)),
            None => (None, None),
        };
        Self {
            id: row.new.id,
            workflow: row.new.workflow,
            status: row.status,
            started: row.new.started,
            ended,
            body,
        }
    }
}

/// A run that can't go on in this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Held {
    /// Its id.
    pub id: String,
    /// Its workflow.
    pub workflow: String,
    /// Why, and what to do.
    pub why: String,
}

impl Held {
    pub(super) fn new(id: String, workflow: String, why: String) -> Self {
        Self { id, workflow, why }
    }
}
