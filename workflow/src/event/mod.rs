//! What happens in a run, as it happens: for progress bars, timelines and tests.
//!
//! An event tells of what happens in this process. Where a durable run comes back into memory and goes
//! through what its journal has, nothing is told of that again; a step that was broken off and is run
//! again begins again, and so does the run inside that it may be.

mod hub;
mod listen;
mod stream;

use std::time::Duration;

use serde::Serialize;

pub(crate) use self::hub::Hub;
pub use self::listen::listen;
pub(crate) use self::listen::{Again, Listen, Listener};
pub use self::stream::{Events, MOST_WAITING, Running, Start};

/// One thing that happened in a run.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The node's path in the run, `labels[3]/label`; empty for the run itself.
    pub path: String,
    /// How long after the start of its run, in seconds as JSON.
    #[serde(serialize_with = "seconds")]
    pub at: Duration,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// One thing that happened in one of an engine's runs.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RunEvent {
    /// The run's id; empty where events were [missed](What::Missed).
    pub run: String,
    /// The run's workflow; empty where events were missed.
    pub workflow: String,
    /// What happened, and where. Its time is that since the start of the run, in whatever process.
    #[serde(flatten)]
    pub event: Event,
}

impl RunEvent {
    fn missed(&self, events: u64) -> Self {
        Self {
            run: String::new(),
            workflow: String::new(),
            event: self.event.missed(events),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields say by their names what they hold")]
pub enum What {
    /// A run began; of a workflow that is a step, at that step's path.
    RunStarted { workflow: String, version: u32 },
    /// A run answered.
    RunFinished,
    /// A run failed; what it had done is undone by now, where it is a saga.
    RunFailed { code: String, message: String },
    /// A durable run came back into memory: what it waited for is there, or its engine is opened again.
    RunResumed { workflow: String, version: u32 },
    /// A durable run does nothing but wait and leaves memory; it is due in milliseconds since 1970, or
    /// when a signal comes.
    RunParked { due: Option<u64> },
    /// A durable run was stopped by its journal, as it could not be written or says otherwise; it is open.
    RunHeld { code: String, message: String },
    /// A step began.
    StepStarted { action: String },
    /// A step answered.
    StepFinished,
    /// A step failed for good.
    StepFailed {
        code: String,
        message: String,
        attempts: u32,
    },
    /// An attempt of a step failed, and another follows after the wait.
    StepRetried {
        attempt: u32,
        #[serde(serialize_with = "seconds")]
        wait: Duration,
        code: String,
    },
    /// A finished step was undone.
    StepUndone,
    /// A finished step could not be undone.
    UndoFailed { code: String, message: String },
    /// An arm of a branch was taken, counted from 0.
    BranchTaken { arm: u32 },
    /// The run answers early.
    Stopped,
    /// A fan-out began with so many items.
    FanOut { items: u32 },
    /// A sleep began.
    Sleeping {
        #[serde(serialize_with = "seconds")]
        time: Duration,
    },
    /// Waiting for a signal began.
    Waiting { signal: String },
    /// A signal came that was waited for.
    Received { signal: String },
    /// A signal was sent.
    Emitted { signal: String },
    /// Whoever listens was too slow, and so many events are lost to it.
    Missed { events: u64 },
}

impl Event {
    pub(crate) fn new(path: String, at: Duration, what: What) -> Self {
        Self { path, at, what }
    }

    /// That so many are lost, before this one.
    fn missed(&self, events: u64) -> Self {
        Self::new(String::new(), self.at, What::Missed { events })
    }
}

fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}
