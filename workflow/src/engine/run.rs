//! A durable run as its caller sees it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use enact_action_core::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Engine;
use super::fate::Fate;
use crate::journal::{Kept, RunRow, Status};

/// A durable run. Dropping this changes nothing about it.
pub struct Durable<O> {
    engine: Engine,
    id: String,
    fate: Arc<Fate>,
    /// The run, where it had ended when this was made.
    row: Option<RunRow>,
    output: PhantomData<fn() -> O>,
}

impl<O> Durable<O> {
    pub(super) fn new(engine: &Engine, id: &str, fate: Arc<Fate>, row: Option<RunRow>) -> Self {
        Self {
            engine: engine.clone(),
            id: id.to_owned(),
            fate,
            row,
            output: PhantomData,
        }
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the run stands, as far as this has seen.
    pub fn status(&self) -> Status {
        match (&self.row, self.fate.known()) {
            (Some(row), _) => row.status(),
            (None, None) => Status::Open,
            (None, Some(true)) => Status::Answered,
            (None, Some(false)) => Status::Failed,
        }
    }
}

impl<O: DeserializeOwned> Durable<O> {
    /// Waits until the run has ended, whatever process it ends in.
    ///
    /// # Errors
    /// What the run failed with; `journal.unwritable` where it could not be recorded and stays open;
    /// `engine.closed` where the engine is closed before that.
    pub async fn answer(&self) -> Result<O, Failure> {
        let answer = match &self.row {
            Some(row) => ended(row)?,
            None => self.engine.fate(&self.id, &self.fate).await?,
        };
        let answer = answer.map_err(|kept| kept.failure())?;
        Ok(serde_json::from_value(answer)?)
    }
}

impl Engine {
    /// What becomes of a run, here or in another process.
    async fn fate(&self, id: &str, fate: &Fate) -> Result<Result<Value, Kept>, Failure> {
        if !self.0.shared {
            return Ok(fate.answer().await);
        }
        loop {
            tokio::select! {
                answer = fate.answer() => return Ok(answer),
                () = tokio::time::sleep(self.0.settings.poll) => {}
            }
            // What is in memory here ends here.
            if self.state().of(id).is_some() {
                continue;
            }
            let row = self.0.client.look(id).await;
            if let Some(row) = row?.filter(|row| row.ending.is_some()) {
                return ended(&row);
            }
        }
    }
}

fn ended(row: &RunRow) -> Result<Result<Value, Kept>, Failure> {
    match &row.ending {
        Some(ending) => ending.answer(row.new.run).map_err(|damage| {
            Failure::terminal("journal.damaged", damage.to_string()).because(damage)
        }),
        None => Err(super::closed()),
    }
}

impl<O> fmt::Debug for Durable<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Durable")
            .field("id", &self.id)
            .field("status", &self.status())
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
    /// Its workflow's version.
    pub version: u32,
    /// Where it stands.
    pub status: Status,
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// When it ended.
    pub ended: Option<u64>,
    /// When it is due, where it waits in the journal; `u64::MAX` where for a signal alone.
    pub wake: Option<u64>,
    /// What it answered, or the failure.
    pub body: Option<Value>,
}

impl Summary {
    pub(super) fn of(row: RunRow) -> Self {
        let ending = row.ending.as_ref();
        let body = ending.and_then(|ending| match ending.answer(row.new.run) {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(kept)) => serde_json::to_value(kept).ok(),
            Err(damage) => Some(Value::String(damage.to_string())),
        });
        Self {
            status: row.status(),
            id: row.new.id,
            workflow: row.new.workflow,
            version: row.new.version,
            started: row.new.started,
            ended: row.ending.map(|ending| ending.at),
            wake: row.wake.map(|wake| {
                if wake == crate::journal::NEVER {
                    u64::MAX
                } else {
                    wake
                }
            }),
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
