//! A run that is in memory.

use std::num::{NonZeroU64, NonZeroU128};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use enact_action_core::__private::Inside;
use enact_action_core::Context;
use enact_action_core::context::Trace;
use enact_action_core::registry::Entry;
use tokio::sync::SetOnce;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Engine;
use super::error::EngineError;
use super::fate::Fate;
use crate::clock;
use crate::event::{Event, Hub, Listen, Listener, RunEvent, What};
use crate::graph::digest;
use crate::journal::{Damage, NewRun, Record, RunJournal, Writer};
use crate::run::Carried;

/// A run that is in memory.
pub(super) struct Live {
    pub(super) new: Arc<NewRun>,
    pub(super) entry: &'static Entry,
    pub(super) journal: Arc<RunJournal>,
    pub(super) fate: Arc<Fate>,
    /// Cancels it.
    pub(super) token: CancellationToken,
    /// Ends its stay in memory: it is terminated, or the engine is closed.
    pub(super) stopped: CancellationToken,
    terminated: AtomicBool,
    begun: SetOnce<Begun>,
    tells: Tells,
}

/// Who is told of runs.
#[derive(Clone)]
pub(super) struct Tells {
    pub(super) hub: Arc<Hub>,
    /// Whom the engine's context tells.
    pub(super) listener: Option<Listener>,
}

/// What came of recording that a run begins.
#[derive(Debug, Clone)]
pub(super) enum Begun {
    Yes,
    /// There is one of that id.
    Taken,
    Failed(Arc<crate::journal::StoreError>),
}

impl Tells {
    pub(super) fn of(cx: &Context) -> Self {
        let carried = cx.carried::<Carried>();
        Self {
            hub: Arc::default(),
            listener: carried.and_then(|carried| carried.listener.clone()),
        }
    }
}

impl Live {
    pub(super) fn new(
        engine: &Engine,
        new: Arc<NewRun>,
        entry: &'static Entry,
        journal: RunJournal,
        fate: Arc<Fate>,
    ) -> Arc<Self> {
        let token = CancellationToken::new();
        // Its steps take what is recorded of them first, so that a saga knows what to undo.
        if journal.cancelled() {
            token.cancel();
        }
        Arc::new(Self {
            new,
            entry,
            journal: Arc::new(journal),
            fate,
            token,
            stopped: engine.0.closing.child_token(),
            terminated: AtomicBool::new(false),
            begun: SetOnce::new(),
            tells: engine.0.tells.clone(),
        })
    }

    /// Ends it where it stands.
    pub(super) fn terminate(&self) {
        // First, so that whoever is woken by the other knows why.
        self.terminated.store(true, Ordering::Release);
        self.stopped.cancel();
    }

    pub(super) fn is_terminated(&self) -> bool {
        self.terminated.load(Ordering::Acquire)
    }

    pub(super) fn begin(&self, begun: Begun) {
        // It is said once, by the task of the run.
        drop(self.begun.set(begun));
    }

    /// Waits until it is recorded that the run begins.
    pub(super) async fn begun(&self) -> Begun {
        self.begun.wait().await.clone()
    }

    /// Until when the run may go on, in milliseconds since 1970.
    pub(super) fn deadline(&self) -> Option<u64> {
        let deadline = self.entry.spec().policy.deadline?;
        let since = self.journal.retried().unwrap_or(self.new.started);
        Some(since.saturating_add(clock::millis(deadline)))
    }

    /// Whether something of it was recorded before it came into memory.
    pub(super) fn is_resumed(&self) -> bool {
        self.journal.has_begun("")
    }

    /// How old it is, by the time of day.
    pub(super) fn age(&self) -> Duration {
        Duration::from_millis(self.journal.now().saturating_sub(self.new.started))
    }

    /// The span that it was started in; one that it has for itself, where it was in none.
    pub(super) fn parent(&self) -> Trace {
        self.journal.trace().unwrap_or_else(|| own(&self.new))
    }

    /// Tells of the run itself.
    pub(super) fn tell_all(&self, what: impl FnOnce() -> What) {
        if self.hears() {
            self.tell(Event::new(String::new(), Duration::ZERO, what()));
        }
    }

    /// The context of one stay in memory: the engine's resources, and what makes it durable.
    pub(super) fn context(self: &Arc<Self>, cx: &Context, trace: Trace) -> Context {
        let carried = Carried {
            listener: Some(Arc::<Self>::clone(self)),
            prefix: String::new(),
            journal: Some(Arc::clone(&self.journal)),
            undo: None,
        };
        let cx = cx.inside(Inside {
            idempotency_key: Some(self.new.id.clone().into()),
            trace: Some(trace),
            carried: Some(Arc::new(carried)),
        });
        let cx = cx.cancelled_by(self.token.clone());
        let left = self
            .deadline()
            .map(|until| Duration::from_millis(until.saturating_sub(self.journal.now())));
        match left.and_then(|left| Instant::now().checked_add(left)) {
            Some(deadline) => cx.until(deadline),
            None => cx,
        }
    }
}

impl Listen for Live {
    fn hears(&self) -> bool {
        let listener = self.tells.listener.as_ref();
        self.tells.hub.is_heard() || listener.is_some_and(|to| to.hears())
    }

    fn tell(&self, event: Event) {
        let event = Event {
            at: self.age(),
            ..event
        };
        if self.tells.hub.is_heard() {
            self.tells.hub.tell(&RunEvent {
                run: self.new.id.clone(),
                workflow: self.new.workflow.clone(),
                event: event.clone(),
            });
        }
        if let Some(listener) = &self.tells.listener {
            listener.tell(event);
        }
    }
}

/// The trace of a run that was started in none: the same wherever it goes on.
pub(super) fn own(new: &NewRun) -> Trace {
    let id = new.id.as_bytes();
    let mut named = Vec::with_capacity(id.len() + 17);
    named.push(0);
    named.extend_from_slice(&new.run.to_le_bytes());
    named.extend_from_slice(&new.started.to_le_bytes());
    named.extend_from_slice(id);
    let mut part = |part: u8| {
        named[0] = part;
        NonZeroU64::new(digest(&named)).unwrap_or(NonZeroU64::MIN)
    };
    let (high, low, span) = (part(1), part(2), part(3));
    let trace = NonZeroU128::from(low) | u128::from(high.get()) << 64;
    let own = Trace::of(trace, span);
    if super::telemetry::is_traced() {
        own.sampled()
    } else {
        own
    }
}

/// The journal of a run in memory, read from its records.
pub(super) fn journal(
    new: &NewRun,
    writer: &Writer,
    settings: &super::Settings,
    records: Option<&[Record]>,
) -> Result<RunJournal, Damage> {
    new.check()?;
    let clock = Arc::clone(&settings.clock);
    RunJournal::new(
        new.run,
        writer.clone(),
        clock,
        settings.most_output,
        records,
    )
}

/// Whether a run is of that workflow with that input.
pub(super) fn is_same(id: &str, own: &NewRun, given: &NewRun) -> Result<(), EngineError> {
    if let Some(why) = own.input.shut() {
        let damage = Damage::at("the start").because(why);
        return Err(EngineError::damaged(id, damage));
    }
    let same = own.workflow == given.workflow
        && (own.input == given.input || {
            // The same params may be written in another order.
            let read = |new: &NewRun| new.input.read::<serde_json::Value>().ok();
            let (own, given) = (read(own), read(given));
            own.is_some() && own == given
        });
    if same {
        Ok(())
    } else {
        Err(EngineError::taken(id))
    }
}
