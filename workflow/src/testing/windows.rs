//! Where a crash can fall, and letting one fall there.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::watch;

use super::store::Staged;
use crate::journal::{Deed, Store};

/// The most windows of which it is told what they are.
const MOST: usize = 100_000;

/// The windows of an engine on a test's stage: the instants at which a crash can fall.
///
/// They are before a step's effect, while it is under way, after it and before its record, and once
/// something is on disk; in the same way around signals that are sent and around undos. Given to
/// [`Settings::windows`](crate::engine::Settings::windows), they are counted; at the one that is to be
/// struck everything stops: nothing goes on, nothing more is written, until the test drops its
/// runtime and opens the journal anew.
#[derive(Clone, Default)]
pub struct Windows(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    struck: watch::Sender<bool>,
    strike: Option<usize>,
    holds_back: bool,
}

#[derive(Default)]
struct State {
    count: usize,
    names: Vec<String>,
    deeds: Vec<(Deed, String)>,
}

impl Windows {
    /// Windows that nothing strikes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Windows whose n-th is struck, counted from 0.
    pub fn striking(n: usize) -> Self {
        Self::of(Some(n), false)
    }

    /// The same, but records are held back until somebody waits for them: as much as a journal may
    /// lose is lost.
    #[must_use]
    pub fn holding_back(self) -> Self {
        Self::of(self.0.strike, true)
    }

    pub(super) fn of(strike: Option<usize>, holds_back: bool) -> Self {
        Self(Arc::new(Inner {
            strike,
            holds_back,
            ..Inner::default()
        }))
    }

    /// The windows that were passed so far, by name; the last one is the one that was struck.
    pub fn passed(&self) -> Vec<String> {
        self.state().names.clone()
    }

    /// Whether a window was struck.
    pub fn is_struck(&self) -> bool {
        *self.0.struck.borrow()
    }

    /// Waits until a window is struck.
    pub async fn struck(&self) {
        // This holds the sender.
        drop(self.0.struck.subscribe().wait_for(|struck| *struck).await);
    }

    pub(crate) fn holds_back(&self) -> bool {
        self.0.holds_back
    }

    /// What was done to the world.
    pub(super) fn deeds(&self) -> Vec<(Deed, String)> {
        self.state().deeds.clone()
    }

    /// Goes on, but for after a crash.
    pub(crate) async fn unless_struck(&self) {
        if self.is_struck() {
            std::future::pending::<()>().await;
        }
    }

    /// A store whose windows these are.
    pub(crate) fn around(&self, store: Box<dyn Store>) -> Box<dyn Store> {
        Box::new(Staged::new(store, self.clone()))
    }

    /// Does something to the world, with a window before it, one while it is under way, and one behind.
    pub(crate) async fn doing<F: Future>(&self, deed: Deed, path: &str, doing: F) -> F::Output {
        let name = Name { deed, path };
        self.pass(|| format!("before {name}"));
        self.unless_struck().await;
        self.state().deeds.push((deed, path.to_owned()));
        let (mut doing, mut waits) = (pin!(doing), false);
        let done = poll_fn(|task| {
            if self.is_struck() {
                return Poll::Pending;
            }
            let polled = doing.as_mut().poll(task);
            if polled.is_pending() && !std::mem::replace(&mut waits, true) {
                self.pass(|| format!("while {name} is under way"));
            }
            polled
        });
        let done = done.await;
        self.pass(|| format!("after {name}, before that is recorded"));
        self.unless_struck().await;
        done
    }

    /// Passes a window; whether everything has stopped.
    pub(super) fn pass(&self, name: impl FnOnce() -> String) -> bool {
        if self.is_struck() {
            return true;
        }
        let mut state = self.state();
        let strikes = self.0.strike == Some(state.count);
        state.count += 1;
        if state.names.len() < MOST {
            state.names.push(name());
        }
        drop(state);
        if strikes {
            self.0.struck.send_replace(true);
        }
        strikes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windows")
            .field("strike", &self.0.strike)
            .field("struck", &self.is_struck())
            .finish_non_exhaustive()
    }
}

/// What is done, in words.
struct Name<'a> {
    deed: Deed,
    path: &'a str,
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { deed, path } = self;
        match deed {
            Deed::Step => write!(f, "step `{path}`"),
            Deed::Emit => write!(f, "the signal of `{path}`"),
            Deed::Undo => write!(f, "the undo of `{path}`"),
        }
    }
}
