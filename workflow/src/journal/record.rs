//! What a journal holds. The format is kept: it changes only with its version.
//!
//! Version 1. A record is a line of JSON, tagged by `is`, beside the run and the path of the node it belongs to.

use std::time::Duration;

use enact_action_core::__private::Restored;
use enact_action_core::Failure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the format.
pub(crate) const VERSION: u32 = 1;

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// The path of the node in the run, `labels[3]/label`; empty for what concerns all of it.
    pub(crate) path: String,
    pub(crate) what: What,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum What {
    /// What came of a step.
    Step { outcome: Outcome },
    /// The arm of a branch that was taken.
    Branch { arm: u32 },
    /// How many items a fan-out has.
    Items { count: u32 },
    /// When a sleep or a wait is over, in milliseconds since 1970.
    Timer { until: u64 },
    /// A signal that was sent to the run.
    Signal {
        #[serde(rename = "type")]
        kind: String,
        subject: Option<String>,
        data: Value,
    },
    /// A wait took the signal of that number among those sent to the run.
    Taken { signal: u32 },
    /// A signal was sent.
    Emitted,
    /// A step was undone.
    Undone,
    /// Somebody asked for the run to be cancelled.
    Cancelled,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It answered.
    Answer(Value),
    /// It failed for good.
    Failure(Kept),
    /// It was stopped with what was around it.
    Stopped,
}

/// A failure as it is kept: all but its cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    kind: String,
    code: String,
    message: String,
    retryable: bool,
    attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
}

impl Kept {
    pub(crate) fn of(failure: &Failure) -> Self {
        Self {
            kind: failure.kind().as_str().to_owned(),
            code: failure.code().to_owned(),
            message: failure.message().to_owned(),
            retryable: failure.is_retryable(),
            attempts: failure.attempts(),
            step: failure.step().map(str::to_owned),
            wait_ms: failure
                .wait()
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    pub(crate) fn failure(&self) -> Failure {
        let failure = Failure::restored(Restored {
            kind: self.kind.clone(),
            code: self.code.clone(),
            message: self.message.clone(),
            retryable: self.retryable,
            retry_after: self.wait_ms.map(Duration::from_millis),
            attempts: self.attempts,
        });
        match &self.step {
            Some(step) => failure.at_step(step),
            None => failure,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ending {
    pub(crate) status: Status,
    /// The answer, or the failure.
    pub(crate) body: Value,
}

impl Ending {
    pub(crate) fn of(answer: &Result<Value, Failure>) -> Self {
        match answer {
            Ok(answer) => Self {
                status: Status::Answered,
                body: answer.clone(),
            },
            Err(failure) => Self {
                status: Status::Failed,
                // It is made of text and numbers alone.
                body: serde_json::to_value(Kept::of(failure)).unwrap_or_default(),
            },
        }
    }

    /// The answer of a run that has ended.
    pub(crate) fn answer(row: &super::RunRow) -> Result<Value, Failure> {
        let body = row.ended.as_ref().map(|(body, _)| body.clone());
        let body = body.unwrap_or_default();
        match row.status {
            Status::Failed => Err(serde_json::from_value::<Kept>(body)?.failure()),
            Status::Open | Status::Answered => Ok(body),
        }
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// It has not ended: it runs, waits, or is to go on.
    Open,
    /// It answered.
    Answered,
    /// It failed; what it had done is undone, where it is a saga.
    Failed,
}

impl Status {
    #[cfg(feature = "sqlite")]
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Answered => 1,
            Self::Failed => 2,
        }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) const fn of(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Open),
            1 => Some(Self::Answered),
            2 => Some(Self::Failed),
            _ => None,
        }
    }

    /// The status's word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Failed => "failed",
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
