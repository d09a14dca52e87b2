//! A run's records as a timeline.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::client::Client;
use super::error::EngineError;
use crate::graph::{Graph, NodeKind};
use crate::journal::{EventId, Kept, Outcome, Record, RunRow, StartedBy, Stepped, What};
use crate::registry::version;
use crate::timeline::{Kind, Span, State, Timeline};

impl Client {
    /// A run as its journal tells it: what it has done, what it waits for, how it ended.
    ///
    /// ```no_run
    /// # async fn draw() -> Result<(), Box<dyn std::error::Error>> {
    /// use enact_workflow::engine::Client;
    ///
    /// let timeline = Client::open("orders.db")?.timeline("order-1042").await?;
    /// println!("{timeline}");
    /// std::fs::write("order-1042.html", timeline.html(None))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where there is no such run, or the journal can't be read.
    pub async fn timeline(&self, id: &str) -> Result<Timeline, EngineError> {
        let (row, records) = self.recorded(id).await?;
        let graph = version(&row.new.workflow, row.new.version);
        Ok(tell(&row, &records, graph, self.clock.now()))
    }
}

fn tell(row: &RunRow, records: &[Record], graph: Option<&Graph>, now: u64) -> Timeline {
    let new = &row.new;
    let mut timeline = Timeline::new(&new.id, &new.workflow, new.version, new.started);
    timeline.status = row.status();
    timeline.ended = row.ending.as_ref().map(|ending| ending.at);
    timeline.now = now.max(new.started);
    timeline.input = new.input.read().unwrap_or(Value::Null);
    timeline.body = row
        .ending
        .as_ref()
        .map(|ending| match ending.answer(new.run) {
            Ok(Ok(answer)) => answer,
            Ok(Err(kept)) => serde_json::to_value(kept).unwrap_or_default(),
            Err(damage) => Value::String(damage.to_string()),
        });
    let mut teller = Teller {
        graph,
        spans: Vec::new(),
        open: HashMap::new(),
        sent: Vec::new(),
        known: HashSet::new(),
        cause: None,
    };
    for record in records {
        match record.what(new.run) {
            Ok(what) => teller.tell(record, what),
            Err(damage) => {
                let span = teller.moment(record, Kind::Step);
                span.state = State::Failed;
                span.note = damage.to_string();
            }
        }
    }
    timeline.spans = teller.spans;
    timeline.cause = teller.cause;
    timeline
}

struct Teller<'a> {
    graph: Option<&'a Graph>,
    spans: Vec<Span>,
    /// The place of what waits, by its path.
    open: HashMap<String, usize>,
    /// The events of the signals that were sent to the run, by their numbers.
    sent: Vec<Option<EventId>>,
    known: HashSet<EventId>,
    cause: Option<EventId>,
}

impl Teller<'_> {
    fn tell(&mut self, record: &Record, what: What) {
        match what {
            What::Step(stepped) => self.step(record, stepped),
            What::Branch { arm } => {
                let note = self.arm(&record.path, arm);
                self.moment(record, Kind::Branch).note = note;
            }
            What::Items { count } => {
                self.moment(record, Kind::FanOut).note = format!("for each of {count}");
            }
            What::Timer { .. } => self.begin(record, Kind::Sleep, String::new()),
            What::Waits { signal, .. } => self.begin(record, Kind::Wait, signal),
            What::Taken { signal } => {
                let event = self.sent.get(signal as usize).cloned().flatten();
                if let Some(span) = self.opened(&record.path) {
                    span.end(record.at, State::Done);
                    span.event = event;
                }
            }
            What::Signal(sent) => {
                // As a run has each event once, its number is not given to it again.
                let event = sent.event.clone();
                let is_new = event.is_none_or(|event| self.known.insert(event));
                if is_new {
                    self.sent.push(sent.event.clone());
                }
                let span = self.moment(record, Kind::Signal);
                span.note = match sent.subject {
                    Some(subject) => format!("{} for {subject}", sent.kind),
                    None => sent.kind,
                };
                span.detail = Some(sent.data);
                span.event = sent.event;
            }
            What::Emitted { event } => self.moment(record, Kind::Emit).event = event,
            What::Undone => drop(self.moment(record, Kind::Undo)),
            What::Cancelled => drop(self.moment(record, Kind::Cancel)),
            What::Retried { failed } => {
                let note = failed.map_or_else(String::new, |failed| format!("from {failed}"));
                self.moment(record, Kind::Restart).note = note;
            }
            What::GoesBack => {
                let note = "to undo what is left".to_owned();
                self.moment(record, Kind::Restart).note = note;
            }
            What::Trace { cause, .. } => self.cause = cause.map(StartedBy::event),
            What::Done { .. } | What::Terminate => {}
        }
    }

    /// The end of a step, or of a sleep or a wait that has begun before.
    fn step(&mut self, record: &Record, stepped: Stepped<Value>) {
        let (state, note, detail) = match stepped.outcome {
            Outcome::Answer(answer) => (State::Done, String::new(), Some(answer)),
            Outcome::Stopped => (State::Stopped, String::new(), None),
            Outcome::Failure(kept) => (State::Failed, told(&kept), serde_json::to_value(kept).ok()),
        };
        if let Some(span) = self.opened(&record.path) {
            span.end(record.at, state);
            if !note.is_empty() {
                span.note = note;
            }
            return;
        }
        let mut span = Span::new(&record.path, Kind::Step, stepped.began);
        span.end(record.at, state);
        span.attempts = u32::try_from(stepped.tried.len() + 1).unwrap_or(u32::MAX);
        let tried = stepped.tried.last();
        span.note = match (note.is_empty(), tried) {
            (true, Some(tried)) => format!("before: {}", tried.code),
            _ => note,
        };
        span.detail = detail;
        self.spans.push(span);
    }

    fn moment(&mut self, record: &Record, kind: Kind) -> &mut Span {
        let mut span = Span::new(&record.path, kind, record.at);
        span.end(record.at, State::Done);
        self.spans.push(span);
        let last = self.spans.len() - 1;
        &mut self.spans[last]
    }

    fn begin(&mut self, record: &Record, kind: Kind, note: String) {
        let mut span = Span::new(&record.path, kind, record.at);
        span.state = State::Waiting;
        span.note = note;
        self.open.insert(record.path.clone(), self.spans.len());
        self.spans.push(span);
    }

    /// What waits at that path, which is to end.
    fn opened(&mut self, path: &str) -> Option<&mut Span> {
        let place = self.open.remove(path)?;
        self.spans.get_mut(place)
    }

    fn arm(&self, path: &str, arm: u32) -> String {
        let node = self
            .graph
            .and_then(|graph| graph.nodes.iter().find(|node| node.path == path));
        match node.map(|node| &node.kind) {
            Some(NodeKind::Branch { arms }) if (arm as usize) < arms.len() => {
                arms[arm as usize].clone().into_owned()
            }
            _ => format!("arm {arm}"),
        }
    }
}

fn told(kept: &Kept) -> String {
    let failure = kept.failure();
    format!("{}: {}", failure.code(), failure.message())
}
