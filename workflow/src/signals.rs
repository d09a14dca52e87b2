//! The in-process source of signals: what workflows wait for and emit, in memory.

use std::any::Any;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_action_core::Failure;
use enact_action_core::action::BoxFuture;
pub use enact_signal_core::Signal;
use enact_signal_core::{Envelope, Sink};
use tokio::sync::Notify;

/// Signals within this process: give the context one, and the program's runs share it.
///
/// What runs emit goes to the context's sink, where it has one (see
/// [`sink`](fn@enact_signal_core::sink)), and here otherwise. They wait for what is here; it is a sink itself,
/// so that a bus can bring it what it carries.
///
/// A signal may come before a run waits for it: the last [`KEPT`] are kept, the oldest make room.
/// Every run that waits for a signal gets it, each once.
///
/// ```
/// use enact_signal_core::Signal;
/// use enact_workflow::Signals;
///
/// #[derive(Clone, serde::Serialize, serde::Deserialize)]
/// struct OrderApproved {
///     by: String,
/// }
///
/// impl Signal for OrderApproved {
///     const TYPE: &'static str = "order.approved";
/// }
///
/// let signals = Signals::new();
/// signals.send(OrderApproved { by: "ada".into() }, Some("ord-1".into()));
/// let cx = enact_action_core::Context::builder().resource(signals.clone()).build();
/// # assert!(cx.resource::<Signals>().is_ok());
/// ```
#[derive(Clone, Default)]
pub struct Signals(Arc<Shared>);

/// How many signals are kept for runs that do not wait for them yet.
pub const KEPT: usize = 4096;

#[derive(Default)]
struct Shared {
    log: Mutex<Log>,
    arrived: Notify,
}

#[derive(Default)]
struct Log {
    /// The place of the first that is kept.
    first: u64,
    kept: VecDeque<Kept>,
}

enum Kept {
    Sent {
        subject: Option<String>,
        signal: Arc<dyn Any + Send + Sync>,
    },
    Came(Envelope),
}

impl Kept {
    fn subject(&self) -> Option<&str> {
        match self {
            Self::Sent { subject, .. } => subject.as_deref(),
            Self::Came(envelope) => envelope.subject(),
        }
    }

    /// The signal, where it is one of that type that can be read.
    fn open<S: Signal>(&self) -> Option<Cow<'_, S>> {
        match self {
            Self::Sent { signal, .. } => signal.downcast_ref().map(Cow::Borrowed),
            Self::Came(envelope) if envelope.ty().as_str() == S::TYPE => {
                envelope.open().ok().map(Cow::Owned)
            }
            Self::Came(_) => None,
        }
    }

    fn is(&self, event: &Envelope) -> bool {
        match self {
            Self::Sent { .. } => false,
            Self::Came(other) => other.id() == event.id() && other.source() == event.source(),
        }
    }
}

impl Signals {
    /// A source with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a signal to whoever waits for it, now or later; `subject` says what it is about.
    pub fn send<S: Signal>(&self, signal: S, subject: Option<String>) {
        let signal = Arc::new(signal);
        self.keep(&mut self.log(), Kept::Sent { subject, signal });
    }

    fn keep(&self, log: &mut Log, kept: Kept) {
        if log.kept.len() == KEPT {
            log.kept.pop_front();
            log.first += 1;
        }
        log.kept.push_back(kept);
        self.0.arrived.notify_waiters();
    }

    /// The first that matches and that `take` takes by its place.
    pub(crate) async fn next<S: Signal>(
        &self,
        matches: impl Fn(&S, Option<&str>) -> bool,
        take: impl Fn(u64) -> bool,
    ) -> S {
        let mut seen = 0;
        loop {
            // Registered before looking, so that none slips through between.
            let mut arrived = std::pin::pin!(self.0.arrived.notified());
            arrived.as_mut().enable();
            if let Some(signal) = self.find(&mut seen, &matches, &take) {
                return signal;
            }
            arrived.await;
        }
    }

    fn find<S: Signal>(
        &self,
        seen: &mut u64,
        matches: &impl Fn(&S, Option<&str>) -> bool,
        take: &impl Fn(u64) -> bool,
    ) -> Option<S> {
        let log = self.log();
        let from = seen.saturating_sub(log.first);
        for (place, kept) in (log.first..)
            .zip(&log.kept)
            .skip(usize::try_from(from).ok()?)
        {
            *seen = place + 1;
            let signal = kept.open::<S>();
            if let Some(signal) = signal.filter(|signal| matches(signal, kept.subject()))
                && take(place)
            {
                return Some(signal.into_owned());
            }
        }
        None
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes from elsewhere, a bus perhaps, is kept for whoever waits for it; each event once, by its
/// source and its id, among those that are kept.
impl Sink for Signals {
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        let mut log = self.log();
        if !log.kept.iter().any(|kept| kept.is(&envelope)) {
            self.keep(&mut log, Kept::Came(envelope));
        }
        drop(log);
        Box::pin(std::future::ready(Ok(())))
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals")
            .field("kept", &self.log().kept.len())
            .finish()
    }
}
