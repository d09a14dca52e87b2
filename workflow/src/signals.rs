//! The in-process source of signals: what workflows wait for and emit, in memory.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use enact_signal_core::Signal;
use tokio::sync::Notify;

/// Signals within this process: give the context one, and the program's runs share it.
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

struct Kept {
    subject: Option<String>,
    signal: Arc<dyn Any + Send + Sync>,
}

impl Signals {
    /// A source with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a signal to whoever waits for it, now or later; `subject` says what it is about.
    pub fn send<S: Signal>(&self, signal: S, subject: Option<String>) {
        let mut log = self.log();
        if log.kept.len() == KEPT {
            log.kept.pop_front();
            log.first += 1;
        }
        log.kept.push_back(Kept {
            subject,
            signal: Arc::new(signal),
        });
        drop(log);
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
            let signal = kept.signal.downcast_ref::<S>();
            if let Some(signal) = signal.filter(|signal| matches(signal, kept.subject.as_deref()))
                && take(place)
            {
                return Some(signal.clone());
            }
        }
        None
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals")
            .field("kept", &self.log().kept.len())
            .finish()
    }
}
