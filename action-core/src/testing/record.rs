//! A tracing subscriber that keeps what it is told.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Metadata, Subscriber};

use crate::telemetry::TARGET;

/// Where the spans of durable runs lie.
const RUNS: &str = "enact::run";

/// A span or an event under the targets `enact::action` and `enact::run`, as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// The span's name, or the event's message.
    pub name: String,
    /// The fields by their names, as text.
    pub fields: BTreeMap<&'static str, String>,
    /// The name of the span that it lies in.
    pub inside: Option<String>,
}

/// Keeps spans and events in the order they began.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    told: Vec<Told>,
    /// The spans that each thread is in, outermost first.
    inside: HashMap<ThreadId, Vec<u64>>,
}

impl Kept {
    fn of(&mut self, id: u64) -> Option<&mut Told> {
        let place = usize::try_from(id - 1).ok()?;
        self.told.get_mut(place)
    }
}

impl Recorder {
    pub(super) fn told(&self) -> Vec<Told> {
        self.kept().told.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, name: String, fields: BTreeMap<&'static str, String>) -> u64 {
        let mut kept = self.kept();
        let here = kept.inside.entry(std::thread::current().id()).or_default();
        let around = here.last().copied();
        let inside = around
            .and_then(|around| kept.of(around))
            .map(|told| told.name.clone());
        kept.told.push(Told {
            name,
            fields,
            inside,
        });
        kept.told.len() as u64
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        [TARGET, RUNS].contains(&metadata.target())
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        Id::from_u64(self.keep(span.metadata().name().to_owned(), fields.0))
    }

    fn record(&self, span: &Id, values: &Values<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(told) = self.kept().of(span.into_u64()) {
            told.fields.extend(fields.0);
        }
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let name = fields.0.remove("message").unwrap_or_default();
        self.keep(name, fields.0);
    }

    fn enter(&self, span: &Id) {
        let thread = std::thread::current().id();
        let mut kept = self.kept();
        kept.inside.entry(thread).or_default().push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut kept = self.kept();
        if let Some(here) = kept.inside.get_mut(&std::thread::current().id())
            && let Some(place) = here.iter().rposition(|id| *id == span.into_u64())
        {
            here.remove(place);
        }
    }
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // Writing to a `String` does not fail.
        let _ = write!(text, "{value:?}");
        self.0.insert(field.name(), text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}
