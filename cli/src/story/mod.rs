//! One story: a signal or a run, and all that came of it: signals, the runs that they started, the steps of
//! those, and what they sent.

mod draw;
mod emitter;
mod grow;

use enact_workflow::engine::Status;
use enact_workflow::timeline::{EventId, Kind, State};
use serde::Serialize;

pub(crate) use self::grow::{Root, Teller};

/// How much of a story is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// How many signals, runs and steps.
    pub(crate) most: usize,
    /// How many of them below one another.
    pub(crate) depth: usize,
}

/// A signal or a run, and what came of it, as far as it is told.
///
/// It has no data of signals, no params and no answers: what is secret or personal is in there.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// What the first was caused by.
    because: Vec<What>,
    /// The first is what the story is about.
    nodes: Vec<Node>,
    /// How many are known to be left out since there are too many.
    more: usize,
    /// Whether any are left out since they are too deep.
    is_deeper: bool,
}

/// One of a story, and the places of those below it.
#[derive(Debug)]
struct Node {
    what: What,
    below: Vec<usize>,
    /// The nearest that it is below of: what is below it is told there, so that none is told deeper than it is.
    from: Option<usize>,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum What {
    Signal(Signal),
    Run(Run),
    Span(Span),
    /// A signal that the log does not have.
    Unseen {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<String>,
    },
}

/// A signal, without what it says.
#[derive(Debug, Clone, Serialize)]
struct Signal {
    #[serde(rename = "type")]
    ty: String,
    id: String,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    sequence: u64,
    recorded: u64,
}

/// A run, without its params and its answer.
#[derive(Debug, Clone, Serialize)]
struct Run {
    id: String,
    workflow: String,
    version: u32,
    status: Status,
    started: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<u64>,
}

/// A part of a run, without its output.
#[derive(Debug, Clone, Serialize)]
struct Span {
    kind: Kind,
    path: String,
    state: State,
    attempts: u32,
    started: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<u64>,
    /// The type that is waited for, the arm, or the code of a failure.
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    /// What was sent, or waited for and taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventId>,
}
