//! What a journal holds. The format is kept: it changes only with its version.
//!
//! Version 1. A record is JSON, tagged by `is`, beside the run and the path of the node it belongs
//! to, the time, and a checksum over all of these.

use enact_signal_core::{Envelope, Signal, SignalError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::{Body, Unreadable};
use super::kept::Kept;
use super::origin::StartedBy;

/// One record of a run, as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The path of the node in the run, `labels[3]/label`; empty for what concerns all of it.
    pub path: String,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// What happened.
    pub body: Body,
    /// The checksum of all this and of the run's number.
    pub sum: u32,
}

impl Record {
    pub(crate) fn new(run: u64, path: String, at: u64, body: Body) -> Self {
        let sum = sum(run, at, &path, &body);
        Self {
            path,
            at,
            body,
            sum,
        }
    }

    /// What happened.
    pub(crate) fn what(&self, run: u64) -> Result<What, Damage> {
        let place = || Damage::at(&self.path);
        if let Some(why) = self.body.shut() {
            return Err(place().because(why));
        }
        if sum(run, self.at, &self.path, &self.body) != self.sum {
            return Err(place());
        }
        self.body.read().map_err(|error| place().because(error))
    }
}

/// The checksum of what is kept of a run.
fn sum(run: u64, at: u64, name: &str, body: &Body) -> u32 {
    let numbers = [run, at, name.len() as u64].map(u64::to_le_bytes);
    let mut sum = crc32fast::Hasher::new();
    sum.update(numbers.as_flattened());
    sum.update(name.as_bytes());
    sum.update(body.bytes());
    sum.finalize()
}

/// Something of a run is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error("its record of `{place}` is {}, or terminate the run", self.what_to_do())]
pub(crate) struct Damage {
    place: String,
    source: Option<Unreadable>,
}

impl Damage {
    fn what_to_do(&self) -> &'static str {
        match self.source {
            Some(Unreadable::Key(_)) => "sealed with a key that is not given; give it",
            _ => "damaged; restore the journal from a copy",
        }
    }

    pub(crate) fn at(place: &str) -> Self {
        Self {
            place: place.to_owned(),
            source: None,
        }
    }

    pub(crate) fn because(self, error: Unreadable) -> Self {
        Self {
            source: Some(error),
            ..self
        }
    }
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum What {
    /// What came of a step.
    Step(Stepped<Value>),
    /// A step did what it calls so in the journal's own database.
    Done { name: String, answer: Value },
    /// The arm of a branch that was taken.
    Branch { arm: u32 },
    /// How many items a fan-out has.
    Items { count: u32 },
    /// When a sleep is over, in milliseconds since 1970.
    Timer { until: u64 },
    /// A wait began: for which signal, and until when.
    Waits { signal: String, until: Option<u64> },
    /// A signal that was sent to the run.
    Signal(Sent),
    /// A wait took the signal of that number among those sent to the run.
    Taken { signal: u32 },
    /// A signal was sent: the event, where it went to a sink.
    Emitted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<EventId>,
    },
    /// A step was undone.
    Undone,
    /// Somebody asked for the run to be cancelled.
    Cancelled,
    /// Somebody asked for a run that had failed at that path to be tried again from there.
    Retried { failed: Option<String> },
    /// Somebody asked for a run whose undo of a step had failed to go on with that, and with what was left to undo.
    GoesBack,
    /// What the run was started by: the span, as a `traceparent`, and the event, where it was one.
    Trace {
        parent: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<StartedBy>,
    },
    /// Somebody asked for the run to end at once; never in the journal, only on its way there.
    Terminate,
}

/// What came of a step, and how it came to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stepped<A> {
    pub(crate) outcome: Outcome<A>,
    /// When its first attempt began.
    pub(crate) began: u64,
    /// The attempts before the last: how each failed.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub(crate) tried: Vec<Tried>,
    /// Whether it was found from what was undone since; never in the journal, only as it is read.
    #[serde(skip)]
    pub(crate) stale: bool,
    /// Which of the run's records it is; never in the journal, only as it is read.
    #[serde(skip)]
    pub(crate) order: usize,
}

/// An attempt that failed and was made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tried {
    pub(crate) at: u64,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome<A = Value> {
    /// It answered.
    Answer(A),
    /// It failed for good.
    Failure(Kept),
    /// It was stopped with what was around it.
    Stopped,
}

/// A signal that was sent to a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sent {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) subject: Option<String>,
    /// The version of its type, where its sender says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    pub(crate) data: Value,
    /// Which event it is, where its sender says so: a run has each event once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<EventId>,
}

/// What tells one event from all others: `CloudEvents` 1.0.2, section "id".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventId {
    /// Where it comes from.
    pub source: String,
    /// Its id there.
    pub id: String,
}

impl EventId {
    pub(crate) fn of(envelope: &Envelope) -> Self {
        Self {
            source: envelope.source().to_owned(),
            id: envelope.id().to_owned(),
        }
    }
}

impl Sent {
    /// The signal, where it is of the version that is wanted and keeps its rules.
    ///
    /// # Errors
    /// Why it is not; none of its data is in the words.
    pub(crate) fn read<S: Signal>(&self) -> Result<S, &'static str> {
        if let (Some(wanted), Some(found)) = (S::SPEC.version, self.version)
            && wanted != found
        {
            return Err("it is of another version than the one that is waited for");
        }
        S::of_data(self.data.clone()).map_err(|_| "its data is not what the signal asks for")
    }

    /// The signal that an envelope carries.
    ///
    /// # Errors
    /// Where its data is no JSON.
    pub(crate) fn of(envelope: &Envelope) -> Result<Self, SignalError> {
        Ok(Self {
            kind: envelope.ty().to_string(),
            subject: envelope.subject().map(str::to_owned),
            version: envelope.version(),
            data: envelope.json()?,
            event: Some(EventId::of(envelope)),
        })
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Where it stands now.
    pub status: Status,
    /// The answer, or the failure.
    pub body: Body,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The checksum of all this and of the run's number.
    pub sum: u32,
}

impl Ending {
    pub(crate) fn new(
        run: u64,
        answer: &Result<Value, Kept>,
        at: u64,
    ) -> Result<Self, serde_json::Error> {
        let (status, body) = match answer {
            Ok(answer) => (Status::Answered, Body::of(answer)?),
            Err(kept) => (Status::Failed, Body::of(kept)?),
        };
        let sum = sum(run, at, status.as_str(), &body);
        Ok(Self {
            status,
            body,
            at,
            sum,
        })
    }

    /// The answer, or the failure.
    pub(crate) fn answer(&self, run: u64) -> Result<Result<Value, Kept>, Damage> {
        let place = || Damage::at("the end");
        if let Some(why) = self.body.shut() {
            return Err(place().because(why));
        }
        if sum(run, self.at, self.status.as_str(), &self.body) != self.sum {
            return Err(place());
        }
        let read = match self.status {
            Status::Failed => self.body.read().map(Err),
            Status::Open | Status::Answered => self.body.read().map(Ok),
        };
        read.map_err(|error| place().because(error))
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
    /// The number that stores keep.
    pub const fn number(self) -> i16 {
        match self {
            Self::Open => 0,
            Self::Answered => 1,
            Self::Failed => 2,
        }
    }

    /// The status of that number.
    pub const fn of_number(number: i16) -> Option<Self> {
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
