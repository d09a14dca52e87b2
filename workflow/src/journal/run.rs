//! The journal of one run: what is recorded of it, and what it records.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_action_core::Failure;
use serde_json::Value;
use tokio::sync::Notify;

use super::record::{Outcome, Record, What};
use super::store::{Entry, StoreError};
use super::writer::{Synced, Writer};

/// The journal of one run, shared by all its parts.
#[derive(Debug)]
pub(crate) struct RunJournal {
    run: u64,
    writer: Writer,
    state: Mutex<State>,
    /// Held while a signal is recorded, so that signals stand in memory in the journal's order.
    sending: tokio::sync::Mutex<()>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// What was recorded before this process took the run up, by path.
    recorded: HashMap<String, VecDeque<What>>,
    signals: Vec<Signal>,
    /// Up to where all that this run has recorded is on disk.
    last: Synced,
}

/// A signal that was sent to the run.
#[derive(Debug, Clone)]
struct Signal {
    kind: String,
    subject: Option<String>,
    data: Value,
    taken: bool,
}

impl RunJournal {
    /// The journal of a run of which so much is recorded.
    pub(crate) fn new(run: u64, writer: Writer, records: Vec<Record>) -> Self {
        let mut state = State::default();
        for Record { path, what } in records {
            match what {
                What::Signal {
                    kind,
                    subject,
                    data,
                } => state.signals.push(Signal {
                    kind,
                    subject,
                    data,
                    taken: false,
                }),
                what => {
                    if let What::Taken { signal } = &what
                        && let Some(signal) = state.signals.get_mut(*signal as usize)
                    {
                        signal.taken = true;
                    }
                    state.recorded.entry(path).or_default().push_back(what);
                }
            }
        }
        Self {
            run,
            writer,
            state: Mutex::new(state),
            sending: tokio::sync::Mutex::default(),
            arrived: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the first thing of the kind that `is` knows, recorded at that path.
    fn found<T>(&self, path: &str, is: impl Fn(&What) -> Option<T>) -> Option<T> {
        let mut state = self.state();
        let recorded = state.recorded.get_mut(path)?;
        let place = recorded.iter().position(|what| is(what).is_some())?;
        recorded.remove(place).as_ref().and_then(is)
    }

    /// What came of a step.
    pub(crate) fn outcome(&self, path: &str) -> Option<Outcome> {
        self.found(path, |what| match what {
            What::Step { outcome } => Some(outcome.clone()),
            _ => None,
        })
    }

    /// Which arm of a branch was taken.
    pub(crate) fn arm(&self, path: &str) -> Option<u32> {
        self.found(path, |what| match what {
            What::Branch { arm } => Some(*arm),
            _ => None,
        })
    }

    /// How many items a fan-out has.
    pub(crate) fn items(&self, path: &str) -> Option<u32> {
        self.found(path, |what| match what {
            What::Items { count } => Some(*count),
            _ => None,
        })
    }

    /// When a sleep or a wait is over.
    pub(crate) fn timer(&self, path: &str) -> Option<u64> {
        self.found(path, |what| match what {
            What::Timer { until } => Some(*until),
            _ => None,
        })
    }

    /// Whether a signal was sent.
    pub(crate) fn emitted(&self, path: &str) -> bool {
        let emitted = self.found(path, |what| matches!(what, What::Emitted).then_some(()));
        emitted.is_some()
    }

    /// Whether a step was undone.
    pub(crate) fn undone(&self, path: &str) -> bool {
        let undone = self.found(path, |what| matches!(what, What::Undone).then_some(()));
        undone.is_some()
    }

    /// Whether somebody asked for the run to be cancelled.
    pub(crate) fn cancelled(&self) -> bool {
        let cancelled = self.found("", |what| matches!(what, What::Cancelled).then_some(()));
        cancelled.is_some()
    }

    /// Records, without waiting for the disk.
    pub(crate) async fn record(&self, path: String, what: What) -> Result<(), Failure> {
        let (run, record) = (self.run, Record { path, what });
        let written = self.writer.write(Entry::Record { run, record }).await;
        let synced = written.map_err(unwritable)?;
        let mut state = self.state();
        state.last = state.last.max(synced);
        Ok(())
    }

    /// Waits until all that this run has recorded is on disk.
    pub(crate) async fn sync(&self) -> Result<(), Failure> {
        let last = self.state().last;
        self.writer.synced(last).await.map_err(unwritable)
    }

    /// Records a signal that was sent to the run, durably.
    pub(crate) async fn send(
        &self,
        kind: &str,
        subject: Option<String>,
        data: Value,
    ) -> Result<(), Failure> {
        let what = What::Signal {
            kind: kind.to_owned(),
            subject: subject.clone(),
            data: data.clone(),
        };
        let _sending = self.sending.lock().await;
        self.record(String::new(), what).await?;
        self.sync().await?;
        self.state().signals.push(Signal {
            kind: kind.to_owned(),
            subject,
            data,
            taken: false,
        });
        self.arrived.notify_waiters();
        Ok(())
    }

    /// The signal that a wait has taken, or the next that matches and that nobody has.
    pub(crate) async fn wait<S>(
        &self,
        path: &str,
        kind: &str,
        matches: impl Fn(&Value, Option<&str>) -> Option<S>,
    ) -> Result<S, Failure> {
        let taken = self.found(path, |what| match what {
            What::Taken { signal } => Some(*signal),
            _ => None,
        });
        if let Some(place) = taken {
            let signal = self.state().signals.get(place as usize).cloned();
            let read = signal.and_then(|it| matches(&it.data, it.subject.as_deref()));
            return read.ok_or_else(|| diverged(path, "the signal it took no longer fits"));
        }
        loop {
            // Registered before looking, so that none slips through between.
            let mut arrived = std::pin::pin!(self.arrived.notified());
            arrived.as_mut().enable();
            if let Some((place, signal)) = self.next(kind, &matches) {
                let what = What::Taken { signal: place };
                self.record(path.to_owned(), what).await?;
                return Ok(signal);
            }
            arrived.await;
        }
    }

    fn next<S>(
        &self,
        kind: &str,
        matches: &impl Fn(&Value, Option<&str>) -> Option<S>,
    ) -> Option<(u32, S)> {
        let mut state = self.state();
        for (place, signal) in (0_u32..).zip(&mut state.signals) {
            if signal.taken || signal.kind != kind {
                continue;
            }
            if let Some(found) = matches(&signal.data, signal.subject.as_deref()) {
                signal.taken = true;
                return Some((place, found));
            }
        }
        None
    }
}

/// Whether it is the journal's own failure: the run then stops where it is and stays open, to go on
/// later.
pub(crate) fn is_of_journal(failure: &Failure) -> bool {
    // By the cause, which nobody else can make: a code may be anybody's.
    failure.source().is_some_and(<dyn Error>::is::<Stop>)
}

/// Why the journal stops a run.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Store(Arc<StoreError>),
    #[error("the journal has it otherwise")]
    Otherwise,
    #[error("what was recorded can't be read back")]
    Unreadable(#[source] serde_json::Error),
}

/// The failure of a run whose journal can't be written.
pub(crate) fn unwritable(error: Arc<StoreError>) -> Failure {
    let message = "the run can't be recorded and stops here; mend the journal and start again";
    Failure::terminal("journal.unwritable", message).because(Stop::Store(error))
}

/// The failure of a run that goes another way than its journal says.
pub(crate) fn diverged(path: &str, how: &str) -> Failure {
    let message = format!(
        "`{path}` goes another way than the journal has it ({how}): an expression there depends on \
         something that is not recorded; move it into an action"
    );
    Failure::terminal("journal.diverged", message).because(Stop::Otherwise)
}

/// The failure of a run whose recorded outputs are of another shape by now.
pub(crate) fn unreadable(path: &str, error: serde_json::Error) -> Failure {
    let message = format!(
        "the recorded output of `{path}` can't be read back: its type has changed; run the program \
         that recorded it"
    );
    Failure::terminal("journal.unreadable", message).because(Stop::Unreadable(error))
}
