//! One run: its graph, its context, and who is told of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use enact_action_core::spec::{Policy, Retry};
use enact_action_core::{Context, Failure};
use tokio::time::Instant;

use super::place::Indices;
use crate::event::{Event, Listener, What};
use crate::graph::Graph;
use crate::journal::RunJournal;
use crate::undo::Stack;

/// One run.
pub(crate) struct Root<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) cx: Context,
    pub(crate) told: Option<Told>,
    /// Whether finished steps are kept for their undo.
    pub(crate) saga: bool,
    /// Whether the pivot has passed, so that nothing goes back any more.
    pub(crate) forward: AtomicBool,
    pub(crate) undo_retry: Option<Retry>,
    /// The signals that this run has taken, by their place in the source.
    pub(crate) taken: OnceLock<Taken>,
    /// The step that a panic has just gone through.
    pub(crate) panicked: Mutex<Option<(u32, Indices)>>,
}

/// Shared with the tasks of a run.
pub(crate) type Taken = Arc<Mutex<Vec<u64>>>;

/// What a run keeps while somebody is told of it.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) listener: Option<Listener>,
    /// The path of the step that this run is, in a run around it.
    pub(crate) prefix: String,
    /// Where the run is recorded, if it is.
    pub(crate) journal: Option<Arc<RunJournal>>,
    since: Instant,
    /// Whether it had begun before the run around it came back into memory.
    pub(crate) again: bool,
}

/// What a run hands to a run inside it.
pub(crate) struct Carried {
    pub(crate) listener: Option<Listener>,
    pub(crate) prefix: String,
    pub(crate) journal: Option<Arc<RunJournal>>,
    /// Where an inner saga that has ended leaves its undo, for the outer one.
    pub(crate) undo: Option<Arc<Stack>>,
}

/// How an undo is tried again, unless the workflow says otherwise.
pub(crate) const UNDO_RETRY: Retry =
    Retry::times(3).backoff(Duration::from_millis(100), Duration::from_secs(5));

impl<'a> Root<'a> {
    pub(crate) fn new(graph: &'a Graph, policy: &Policy, heard: bool, cx: &Context) -> Self {
        // Whoever executes it has set the deadline already, perhaps a later one than its own.
        let own = policy.deadline.filter(|_| cx.deadline().is_none());
        let deadline = own.and_then(|deadline| Instant::now().checked_add(deadline));
        let cx = match deadline {
            Some(deadline) => cx.clone().until(deadline),
            None => cx.clone(),
        };
        Self {
            told: told(heard, &cx),
            // What a saga runs inside of it goes back with it.
            saga: graph.saga || is_in_saga(&cx),
            cx,
            graph,
            forward: AtomicBool::new(false),
            undo_retry: policy.undo_retry.or(Some(UNDO_RETRY)),
            taken: OnceLock::new(),
            panicked: Mutex::new(None),
        }
    }

    /// Whether a finished step is kept for its undo.
    pub(crate) fn goes_back(&self) -> bool {
        self.saga && !self.goes_forward()
    }

    pub(crate) fn goes_forward(&self) -> bool {
        self.forward.load(Ordering::Acquire)
    }

    /// Takes a signal by its place, unless this run has had it.
    pub(crate) fn take(&self, place: u64) -> bool {
        let taken = self.taken();
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let new = !taken.contains(&place);
        if new {
            taken.push(place);
        }
        new
    }

    pub(crate) fn taken(&self) -> &Taken {
        self.taken.get_or_init(Taken::default)
    }

    /// Where the run is recorded, if it is.
    pub(crate) fn journal(&self) -> Option<&Arc<RunJournal>> {
        self.told.as_ref()?.journal.as_ref()
    }

    /// Notes that a panic goes through a step; the innermost is noted first and stays.
    #[cold]
    pub(crate) fn panics(&self, node: u32, at: Indices) {
        let mut panicked = self.panicked.lock().unwrap_or_else(PoisonError::into_inner);
        panicked.get_or_insert((node, at));
    }

    /// Takes the step that a panic has just gone through.
    pub(crate) fn panicked(&self) -> Option<(u32, Indices)> {
        let mut panicked = self.panicked.lock().unwrap_or_else(PoisonError::into_inner);
        panicked.take()
    }

    /// The key of the outermost run, where it has one: the id of a durable run.
    pub(crate) fn run(&self) -> Option<&str> {
        let key = self.cx.idempotency_key()?;
        let prefix = self.told.as_ref().map_or("", |told| &told.prefix);
        let run = key
            .strip_suffix(prefix)
            .and_then(|run| run.strip_suffix('/'));
        Some(run.unwrap_or(key))
    }

    /// The path of a node of this run.
    pub(crate) fn path(&self, node: u32, at: Indices) -> String {
        let prefix = self.told.as_ref().map_or("", |told| &told.prefix);
        at.fill(prefix, self.own_path(node))
    }

    /// A path of this run without that of the step that the run may be.
    pub(crate) fn inside<'p>(&self, path: &'p str) -> &'p str {
        let prefix = self.told.as_ref().map_or("", |told| &told.prefix);
        let own = path.strip_prefix(prefix);
        own.map_or(path, |own| own.strip_prefix('/').unwrap_or(own))
    }

    /// The path of a node inside this run, without that of the step it may be.
    pub(crate) fn own_path(&self, node: u32) -> &str {
        &self.graph.nodes[node as usize].path
    }

    #[inline]
    pub(crate) fn tell(&self, path: impl FnOnce() -> String, what: impl FnOnce() -> What) {
        if let Some(told) = &self.told
            && let Some(listener) = &told.listener
            && listener.hears()
        {
            let (path, what) = (path(), what());
            // Unwind safety: the run has nothing to do with what the listener holds.
            let heard = catch_unwind(AssertUnwindSafe(|| {
                listener.tell(Event::new(path, told.since.elapsed(), what));
            }));
            if heard.is_err() {
                tracing::error!(target: "enact::workflow", "a listener panicked");
            }
        }
    }

    /// Whether all that has happened in it since it came back into memory was in the journal already.
    pub(crate) fn is_old(&self) -> bool {
        self.told.as_ref().is_some_and(|told| {
            told.again && told.listener.as_ref().is_some_and(|to| !to.has_news())
        })
    }

    /// Something new has happened of which no event tells.
    pub(crate) fn note(&self) {
        let listener = self.told.as_ref().and_then(|told| told.listener.as_ref());
        if let Some(listener) = listener {
            listener.note();
        }
    }

    /// Tells that it begins, unless it had begun before.
    pub(crate) fn tell_start(&self) {
        if !self.told.as_ref().is_some_and(|told| told.again) {
            self.tell_all(|| What::RunStarted {
                workflow: self.graph.name.clone().into_owned(),
                version: self.graph.version,
            });
        }
    }

    /// Tells of the run itself.
    pub(crate) fn tell_all(&self, what: impl FnOnce() -> What) {
        self.tell(
            || {
                self.told
                    .as_ref()
                    .map_or_else(String::new, |told| told.prefix.clone())
            },
            what,
        );
    }

    /// Tells that it ends; of a durable run as a whole its engine does, once that is recorded.
    pub(crate) fn tell_end(&self, failure: Option<&Failure>) {
        let told = self.told.as_ref();
        let whole = told.is_some_and(|told| told.journal.is_some() && told.prefix.is_empty());
        if whole || self.is_old() {
            return;
        }
        self.tell_all(|| match failure {
            None => What::RunFinished,
            Some(failure) => What::RunFailed {
                code: failure.code().to_owned(),
                message: failure.message().to_owned(),
            },
        });
    }
}

/// Whether a saga runs it inside of itself.
pub(crate) fn is_in_saga(cx: &Context) -> bool {
    cx.carried::<Carried>()
        .is_some_and(|carried| carried.undo.is_some())
}

/// Whoever is to be told, or whatever makes a step's context differ from the run's.
fn told(heard: bool, cx: &Context) -> Option<Told> {
    let carried = cx.carried::<Carried>();
    let plain = !heard
        && carried.is_none()
        && cx.attempt() == 1
        && cx.trace().is_none()
        && cx.idempotency_key().is_none();
    (!plain).then(|| {
        let listener = carried.and_then(|carried| carried.listener.clone());
        let journal = carried.and_then(|carried| carried.journal.clone());
        let prefix = carried.map_or_else(String::new, |carried| carried.prefix.clone());
        let heard = listener.as_ref().is_some_and(|to| to.hears());
        Told {
            again: heard && journal.as_ref().is_some_and(|it| it.has_begun(&prefix)),
            listener,
            prefix,
            journal,
            since: Instant::now(),
        }
    })
}
