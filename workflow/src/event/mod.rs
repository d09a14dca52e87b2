//! What happens in a run, as it happens: for progress bars, timelines and tests.

mod stream;

use std::sync::Arc;
use std::time::Duration;

use enact_action_core::__private::Inside;
use enact_action_core::Context;
use serde::Serialize;

pub use self::stream::{Events, MOST_WAITING, Running, Start};
use crate::run::Carried;

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
}

/// Who is told of a run.
pub(crate) type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// A context whose runs tell `listener` what happens, in place of whoever was told before.
///
/// It is called in the run, and must neither block nor panic. For a stream instead, see [`Start::start`].
#[must_use]
pub fn listen(cx: &Context, listener: impl Fn(&Event) + Send + Sync + 'static) -> Context {
    let carried = Carried {
        listener: Some(Arc::new(listener)),
        prefix: String::new(),
        journal: None,
        undo: None,
    };
    cx.inside(Inside {
        idempotency_key: cx.idempotency_key().map(Into::into),
        trace: cx.trace().copied(),
        carried: Some(Arc::new(carried)),
    })
}

fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}
