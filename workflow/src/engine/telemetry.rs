//! What an engine tells of itself: events, spans, metrics, figures. Each costs next to nothing while nobody
//! listens.
//!
//! # Events
//!
//! [`Engine::events`] tells of every run of this process. What the journal has is not told again:
//!
//! | event | when |
//! | --- | --- |
//! | `run_started` | a run begins of which nothing is recorded |
//! | `run_resumed` | it is back in memory: it was waiting, or its engine was opened again |
//! | `run_parked` | it does nothing but wait, and leaves memory |
//! | `run_finished`, `run_failed` | its end is on disk |
//! | `run_held` | its journal has stopped it; it is open |
//! | all others of [`event::What`](crate::event::What) | when they happen; a step that was broken off begins again |
//!
//! # Spans
//!
//! The span `run`, under the target `enact::run`, is one stay of a run in memory; the spans `action` of the
//! run and of its steps lie in it.
//!
//! | field | what |
//! | --- | --- |
//! | `id`, `workflow`, `version` | the run |
//! | `resumed` | whether something was recorded before |
//! | `trace` | the stay's own span, as a `traceparent` |
//! | `parent` | the span that the run was started in, the same in every stay and every process |
//! | `outcome` | `ok`, the failure's kind, `parked`, `held` or `closed` |
//!
//! All stays of a run are of one trace: the one it was [started in](Engine::start_in), or that of the
//! engine's context, which are recorded; else one that follows from the run's id, number and start. Steps see
//! it as [`Context::trace`](enact_action_core::Context::trace), each with a span id of its own that is
//! another one when it is run again. A trace that the run has for itself is sampled where its spans are
//! listened to.
//!
//! # Metrics
//!
//! | metric | kind | labels | |
//! | --- | --- | --- | --- |
//! | `enact_runs` | gauge | `state` | `running`: in memory here; `queued`, `waiting`: in the journal, read every ten seconds |
//! | `enact_runs_total` | counter | `workflow`, `outcome` | runs that ended here |
//! | `enact_run_seconds` | histogram | `workflow`, `outcome` | from their start to their end |
//! | `enact_journal_commits_total` | counter | | batches on disk, each under one sync |
//! | `enact_journal_batch` | histogram | | entries of a batch |
//! | `enact_journal_commit_seconds` | histogram | | how long writing a batch took, with its sync |
//! | `enact_journal_wait_seconds` | histogram | | how long somebody waited until something was on disk |
//!
//! [`Engine::figures`] has the most important ones without a recorder.

use std::cell::Cell;
use std::sync::Weak;
use std::time::Duration;

use enact_action_core::context::Trace;
use metrics::{IntoF64, Key, Label, Level, Metadata};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tracing::Span;

use super::live::Live;
use super::{Engine, Inner, reason};
use crate::event::{Events, RunEvent};

/// The target of spans.
const TARGET: &str = "enact::run";

static METADATA: Metadata<'_> = Metadata::new(TARGET, Level::INFO, Some(module_path!()));
static STATES: [Label; 3] = [
    Label::from_static_parts("state", "running"),
    Label::from_static_parts("state", "queued"),
    Label::from_static_parts("state", "waiting"),
];
static RUNNING: Key = Key::from_static_parts("enact_runs", STATES.split_at(1).0);
static QUEUED: Key = Key::from_static_parts("enact_runs", STATES.split_at(1).1.split_at(1).0);
static WAITING: Key = Key::from_static_parts("enact_runs", STATES.split_at(2).1);

/// How often runs in the journal are counted, which reads as much of it as there are.
const COUNTED: Duration = Duration::from_secs(10);

/// An engine in numbers, for whoever asks whether it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Figures {
    /// How many runs are in memory.
    pub live: usize,
    /// How many batches this process has written to the journal, each under one sync.
    pub commits: u64,
    /// How many entries it has written.
    pub entries: u64,
    /// When it wrote last, in milliseconds since 1970.
    pub last_commit: Option<u64>,
    /// Why the journal takes no more, once it does not: nothing is acknowledged since, and the engine is
    /// to be opened again.
    pub failed: Option<String>,
}

impl Engine {
    /// The events of all runs of this process from now on, until the engine is closed.
    ///
    /// At most [`MOST_WAITING`](crate::event::MOST_WAITING) wait to be read: the oldest make room, and
    /// [`Missed`](crate::event::What::Missed) says how many. Runs never wait for whoever reads.
    pub fn events(&self) -> Events<RunEvent> {
        self.0.tells.hub.events()
    }

    /// The engine in numbers.
    pub fn figures(&self) -> Figures {
        let (writer, live) = (&self.0.writer, self.live());
        let tally = writer.tally();
        Figures {
            live,
            commits: tally.commits(),
            entries: tally.entries(),
            last_commit: tally.last(),
            failed: writer.failed().map(|failed| reason(&*failed)),
        }
    }
}

/// One stay of a run in memory being watched, or nothing where nobody listens.
pub(super) struct Watch {
    span: Span,
    counted: bool,
}

impl Watch {
    /// Begins to watch; nothing, where nobody listens.
    pub(super) fn begin(live: &Live, trace: &Trace) -> Option<Self> {
        let counted = running(1.0);
        (counted || is_traced()).then(|| Self {
            span: span(live, trace),
            counted,
        })
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// How the stay ended.
    pub(super) fn stays_until(&self, outcome: &str) {
        self.span.record("outcome", outcome);
    }

    /// The run has ended.
    #[cold]
    pub(super) fn ended(&self, live: &Live, outcome: &str) {
        self.stays_until(outcome);
        if !self.counted {
            return;
        }
        let labels = || {
            vec![
                Label::from_static_parts("workflow", live.entry.spec().name),
                Label::new("outcome", outcome.to_owned()),
            ]
        };
        metrics::with_recorder(|recorder| {
            let total = Key::from_parts("enact_runs_total", labels());
            recorder.register_counter(&total, &METADATA).increment(1);
            let seconds = Key::from_parts("enact_run_seconds", labels());
            let seconds = recorder.register_histogram(&seconds, &METADATA);
            seconds.record(live.age());
        });
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.counted {
            running(-1.0);
        }
    }
}

/// Whether anybody listens to the spans of runs.
pub(super) fn is_traced() -> bool {
    tracing::span_enabled!(target: TARGET, tracing::Level::INFO)
}

fn span(live: &Live, trace: &Trace) -> Span {
    tracing::info_span!(
        target: TARGET,
        "run",
        id = live.new.id,
        workflow = live.new.workflow,
        version = live.new.version,
        resumed = live.is_resumed(),
        trace = tracing::field::display(trace),
        parent = tracing::field::display(live.parent()),
        outcome = tracing::field::Empty,
    )
}

/// Changes how many runs are in memory by so many; whether any recorder asked how many.
fn running(by: f64) -> bool {
    let asked = Cell::new(false);
    metrics::with_recorder(|recorder| {
        let running = recorder.register_gauge(&RUNNING, &METADATA);
        running.increment(Asked { by, asked: &asked });
    });
    asked.get()
}

/// A number, and whether anybody asked for it: a recorder that listens does.
struct Asked<'a> {
    by: f64,
    asked: &'a Cell<bool>,
}

impl IntoF64 for Asked<'_> {
    fn into_f64(self) -> f64 {
        self.asked.set(true);
        self.by
    }
}

/// Counts the runs in the journal now and then, while anybody listens.
pub(super) async fn count(engine: Weak<Inner>, poll: Duration, closing: CancellationToken) {
    loop {
        if running(0.0) {
            let Some(inner) = engine.upgrade() else {
                return;
            };
            // The next time, where it can't be read this time.
            if let Ok(counts) = inner.client.counts().await {
                metrics::with_recorder(|recorder| {
                    for (key, count) in [(&QUEUED, counts.queued), (&WAITING, counts.waiting)] {
                        let count = u32::try_from(count).unwrap_or(u32::MAX);
                        recorder.register_gauge(key, &METADATA).set(count);
                    }
                });
            }
        }
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(COUNTED.max(poll)) => {}
        }
    }
}
