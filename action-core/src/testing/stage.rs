//! A stage for actions: a runtime whose clock stands still unless everybody waits, and telemetry
//! that is kept instead of sent.

use std::fmt;
use std::sync::OnceLock;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use metrics_util::{CompositeKey, MetricKind};
use tokio::runtime::{Builder, Runtime};
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;

use super::record::{Recorder, Told};
use crate::context::{Context, ContextBuilder};

/// A second listener, which hears nothing.
static BESIDE: OnceLock<Dispatch> = OnceLock::new();

/// A place to run actions in a test.
pub struct Stage {
    runtime: Runtime,
    metrics: DebuggingRecorder,
    snapshots: Snapshotter,
    record: Recorder,
}

impl Stage {
    /// A stage of its own, with its own clock, spans and metrics.
    ///
    /// # Panics
    /// If the system has no room for another runtime.
    pub fn new() -> Self {
        // While there is one alone, tracing asks the thread that first comes by whether anybody listens,
        // and remembers what another test's thread said.
        BESIDE.get_or_init(|| Dispatch::new(NoSubscriber::default()));
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        let metrics = DebuggingRecorder::new();
        Self {
            runtime: runtime.expect("a runtime of one thread needs nothing that could be missing"),
            snapshots: metrics.snapshotter(),
            metrics,
            record: Recorder::default(),
        }
    }

    /// Runs a test with an empty context. Timers fire as soon as nothing else can go on.
    pub fn run<O>(&self, test: impl AsyncFnOnce(Context) -> O) -> O {
        self.run_with(Context::builder(), test)
    }

    /// Runs a test with a context of the test's making.
    pub fn run_with<O>(&self, cx: ContextBuilder, test: impl AsyncFnOnce(Context) -> O) -> O {
        metrics::with_local_recorder(&self.metrics, || {
            tracing::subscriber::with_default(self.record.clone(), || {
                self.runtime.block_on(test(cx.build()))
            })
        })
    }

    /// The spans and events of executions so far, in the order they began.
    pub fn told(&self) -> Vec<Told> {
        self.record.told()
    }

    /// What has been counted under that name and with those labels since the last call.
    pub fn counter(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        match self.metric(MetricKind::Counter, name, labels) {
            Some(DebugValue::Counter(count)) => count,
            _ => 0,
        }
    }

    /// The gauge of that name and with those labels.
    pub fn gauge(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        match self.metric(MetricKind::Gauge, name, labels) {
            Some(DebugValue::Gauge(value)) => value.into_inner(),
            _ => 0.0,
        }
    }

    /// How many values the histogram has been given since the last call.
    pub fn recorded(&self, name: &str, labels: &[(&str, &str)]) -> usize {
        match self.metric(MetricKind::Histogram, name, labels) {
            Some(DebugValue::Histogram(values)) => values.len(),
            _ => 0,
        }
    }

    fn metric(&self, kind: MetricKind, name: &str, labels: &[(&str, &str)]) -> Option<DebugValue> {
        let wanted = |key: &CompositeKey| {
            let mut found: Vec<_> = key
                .key()
                .labels()
                .map(|label| (label.key(), label.value()))
                .collect();
            let mut labels = labels.to_vec();
            found.sort_unstable();
            labels.sort_unstable();
            key.kind() == kind && key.key().name() == name && found == labels
        };
        let snapshot = self.snapshots.snapshot().into_vec();
        snapshot
            .into_iter()
            .find(|(key, ..)| wanted(key))
            .map(|(.., value)| value)
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}
