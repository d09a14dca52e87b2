//! A run as a picture of time: when each of its steps began, how long it took and what came of it.
//!
//! A [`Timeline`] is plain data. It is drawn as [text](Timeline::text) for a terminal and as
//! [one HTML page](Timeline::html) to keep or to send. Both say the same, in the same order and in
//! bounded space: [`ITEMS`] and [`ROWS`] say when spans are folded into a line that counts them.

mod html;
mod redact;
mod rows;
mod scale;
#[cfg(test)]
mod tests;
mod text;
mod words;

use serde::Serialize;
use serde_json::Value;

pub use self::rows::{ITEMS, ROWS};
pub use crate::journal::EventId;
use crate::journal::Status;

/// One run as its journal tells it, ready to be drawn.
///
/// Times are in milliseconds since 1970. They come from clocks that may jump, so none is trusted:
/// a span that ends before it begins is drawn as a moment.
///
/// ```
/// use enact_workflow::timeline::{Kind, Span, State, Timeline};
///
/// let mut timeline = Timeline::new("order-17", "fulfil", 3, 1_000);
/// let mut charge = Span::new("charge", Kind::Step, 1_010);
/// charge.end(1_250, State::Done);
/// timeline.spans.push(charge);
/// timeline.now = 1_500;
///
/// let text = timeline.text(80);
/// assert!(text.starts_with("order-17  fulfil v3  open  begun 1970-01-01T00:00:01.000Z"));
/// assert!(text.contains("240ms"));
/// assert!(timeline.html(None).starts_with("<!doctype html>"));
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Timeline {
    /// The run's id.
    pub id: String,
    /// The workflow's name.
    pub workflow: String,
    /// The workflow's version.
    pub version: u32,
    /// Where the run stands.
    pub status: Status,
    /// The event that it was started by, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<EventId>,
    /// When it began.
    pub started: u64,
    /// When it ended; none while it is open.
    pub ended: Option<u64>,
    /// When the journal was read: what has not ended is drawn up to here.
    pub now: u64,
    /// The workflow's params.
    pub input: Value,
    /// The answer, or the failure with its `code`, `message` and `step`; none while it is open.
    pub body: Option<Value>,
    /// What happened, in the order of the journal.
    pub spans: Vec<Span>,
}

impl Timeline {
    /// A run that has only begun, at a time in milliseconds since 1970.
    pub fn new(id: &str, workflow: &str, version: u32, started: u64) -> Self {
        Self {
            id: id.to_owned(),
            workflow: workflow.to_owned(),
            version,
            status: Status::Open,
            cause: None,
            started,
            ended: None,
            now: started,
            input: Value::Null,
            body: None,
            spans: Vec::new(),
        }
    }

    /// When the drawing ends: with the run, or now.
    pub(crate) fn close(&self) -> u64 {
        self.ended.unwrap_or(self.now).max(self.started)
    }
}

/// The [text](Timeline::text) for a terminal of 100 columns.
impl std::fmt::Display for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(100))
    }
}

/// One thing that happened in a run, and how long it took.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// Its path in the run, `labels[3]/label`; empty for what concerns all of it.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// When it ended; the same as `started` for a moment, none while it goes on.
    pub ended: Option<u64>,
    /// How often it was tried.
    pub attempts: u32,
    /// What came of it.
    pub state: State,
    /// Short words: the arm's name, how many items, a failure's code and message, a signal's type.
    pub note: String,
    /// The recorded output or failure.
    pub detail: Option<Value>,
    /// The event that came, that was sent, or that was waited for and taken, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
}

impl Span {
    /// A span that has begun and goes on, tried once.
    pub fn new(path: &str, kind: Kind, started: u64) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            started,
            ended: None,
            attempts: 1,
            state: State::Running,
            note: String::new(),
            detail: None,
            event: None,
        }
    }

    /// Ends the span at a time in milliseconds since 1970.
    pub fn end(&mut self, ended: u64, state: State) {
        self.ended = Some(ended);
        self.state = state;
    }
}

/// What a [`Span`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A step ran.
    Step,
    /// A branch took one of its arms: a moment.
    Branch,
    /// A fan-out, from its first item to its last.
    FanOut,
    /// Time was let pass.
    Sleep,
    /// A signal was waited for.
    Wait,
    /// A signal was sent: a moment.
    Emit,
    /// A step was undone.
    Undo,
    /// A signal came: a moment.
    Signal,
    /// Somebody asked for the run to be cancelled: a moment.
    Cancel,
    /// A process took the run up again: a moment.
    Restart,
}

impl Kind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Branch => "branch",
            Self::FanOut => "fan-out",
            Self::Sleep => "sleep",
            Self::Wait => "wait",
            Self::Emit => "emit",
            Self::Undo => "undo",
            Self::Signal => "signal",
            Self::Cancel => "cancel",
            Self::Restart => "restart",
        }
    }

    /// Whether something is done meanwhile, so that its time says something.
    pub(crate) const fn is_work(self) -> bool {
        matches!(self, Self::Step | Self::Undo)
    }

    /// Whether its place is in the graph; what else happens has a line for itself.
    pub(crate) const fn is_node(self) -> bool {
        !matches!(
            self,
            Self::Undo | Self::Signal | Self::Cancel | Self::Restart
        )
    }
}

/// What came of a [`Span`], the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// It came to its end.
    Done,
    /// It was stopped with what was around it.
    Stopped,
    /// It waits: for a signal, for a time, for its turn.
    Waiting,
    /// It is under way.
    Running,
    /// It failed for good.
    Failed,
}

impl State {
    pub(crate) const ALL: [Self; 5] = [
        Self::Done,
        Self::Stopped,
        Self::Waiting,
        Self::Running,
        Self::Failed,
    ];

    /// The state's word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }

    /// One sign, so that colour is never the only mark.
    pub(crate) const fn mark(self) -> char {
        match self {
            Self::Done => '✓',
            Self::Stopped => '■',
            Self::Waiting => '◌',
            Self::Running => '●',
            Self::Failed => '✗',
        }
    }
}
