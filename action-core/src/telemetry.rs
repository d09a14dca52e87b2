//! Spans and metrics of executions; costs next to nothing while nobody listens.
//!
//! | metric | kind | labels |
//! | --- | --- | --- |
//! | `enact_actions_running` | gauge | `action` |
//! | `enact_actions_total` | counter | `action`, `outcome` |
//! | `enact_action_seconds` | histogram | `action`, `outcome` |
//!
//! `outcome` is `ok` or the failure's kind. The span is named `action` and carries `name`,
//! `tenant`, `trace` and, when it ends, `outcome` and `attempts`; the events `start`, `stop` and
//! `exception` lie under the target `enact::action`. `start` carries the params as
//! [`Params::redacted`](crate::Params::redacted) shows them.

use std::cell::Cell;

use metrics::{IntoF64, Key, Label, Level, Metadata};
use serde_json::Value;
use tokio::time::Instant;
use tracing::Span;

use crate::context::Context;
use crate::failure::Failure;
use crate::spec::Spec;

/// The target of spans and events.
pub(crate) const TARGET: &str = "enact::action";

static METADATA: Metadata<'_> = Metadata::new(TARGET, Level::INFO, Some(module_path!()));

/// What metrics need of one action, made while compiling.
#[derive(Debug, Clone, Copy)]
pub struct Telemetry {
    running: &'static Key,
}

impl Telemetry {
    /// The metrics under that key, which [`running`](Self::running) makes.
    pub const fn new(running: &'static Key) -> Self {
        Self { running }
    }

    /// The key of the gauge of running executions.
    pub const fn running(labels: &'static [Label]) -> Key {
        Key::from_static_parts("enact_actions_running", labels)
    }

    /// Whether anybody listens to executions.
    #[doc(hidden)]
    #[inline]
    pub fn is_heard(self) -> bool {
        tracing::span_enabled!(target: TARGET, tracing::Level::INFO) || self.is_counted()
    }

    #[inline]
    fn is_counted(self) -> bool {
        let counted = Cell::new(false);
        metrics::with_recorder(|recorder| {
            let running = recorder.register_gauge(self.running, &METADATA);
            running.increment(AskedForOne(&counted));
            if counted.get() {
                running.decrement(1.0);
            }
        });
        counted.get()
    }

    /// The label that names an action.
    pub const fn label(name: &'static str) -> Label {
        Label::from_static_parts("action", name)
    }
}

/// One, and whether anybody asked: a recorder that listens asks for the number.
struct AskedForOne<'a>(&'a Cell<bool>);

impl IntoF64 for AskedForOne<'_> {
    fn into_f64(self) -> f64 {
        self.0.set(true);
        1.0
    }
}

/// One execution being watched, or nothing where nobody listens.
pub(crate) struct Watch {
    spec: &'static Spec,
    span: Span,
    since: Option<Instant>,
}

impl Watch {
    /// Begins to watch; nothing, where nobody listens.
    #[inline]
    pub(crate) fn begin(
        spec: &'static Spec,
        cx: &Context,
        params: impl FnOnce() -> Value,
    ) -> Option<Self> {
        let counted = Cell::new(false);
        metrics::with_recorder(|recorder| {
            let running = recorder.register_gauge(spec.telemetry.running, &METADATA);
            running.increment(AskedForOne(&counted));
        });
        let traced = tracing::span_enabled!(target: TARGET, tracing::Level::INFO);
        (traced || counted.get()).then(|| Self::start(spec, cx, counted.get(), params))
    }

    #[cold]
    fn start(
        spec: &'static Spec,
        cx: &Context,
        counted: bool,
        params: impl FnOnce() -> Value,
    ) -> Self {
        let span = span(spec, cx);
        span.in_scope(|| {
            tracing::debug!(target: TARGET, params = %params(), "start");
        });
        Self {
            spec,
            span,
            since: counted.then(Instant::now),
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(crate) fn stop<O>(self, answer: Result<O, Failure>) -> Result<O, Failure> {
        let outcome = match &answer {
            Ok(_) => "ok",
            Err(failure) => failure.kind().as_str(),
        };
        if let Some(since) = self.since {
            count(self.spec, outcome, since);
        }
        if !self.span.is_none() {
            self.span.record("outcome", outcome);
            self.span.in_scope(|| match &answer {
                Ok(_) => tracing::debug!(target: TARGET, "stop"),
                Err(failure) => tracing::warn!(
                    target: TARGET,
                    code = failure.code(),
                    attempts = failure.attempts(),
                    "exception"
                ),
            });
        }
        answer
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.since.is_some() {
            metrics::with_recorder(|recorder| {
                recorder
                    .register_gauge(self.spec.telemetry.running, &METADATA)
                    .decrement(1.0);
            });
        }
    }
}

fn span(spec: &'static Spec, cx: &Context) -> Span {
    tracing::info_span!(
        target: TARGET,
        "action",
        name = spec.name,
        tenant = cx.tenant(),
        trace = cx.trace().map(tracing::field::display),
        outcome = tracing::field::Empty,
    )
}

#[cold]
fn count(spec: &'static Spec, outcome: &'static str, since: Instant) {
    let labels = || {
        vec![
            Telemetry::label(spec.name),
            Label::from_static_parts("outcome", outcome),
        ]
    };
    metrics::with_recorder(|recorder| {
        let total = Key::from_parts("enact_actions_total", labels());
        recorder.register_counter(&total, &METADATA).increment(1);
        let seconds = Key::from_parts("enact_action_seconds", labels());
        let took = since.elapsed().as_secs_f64();
        recorder
            .register_histogram(&seconds, &METADATA)
            .record(took);
    });
}
