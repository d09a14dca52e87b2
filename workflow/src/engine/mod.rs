//! Durable runs: started once, gone on with after a crash, told of by name.
//!
//! ```
//! # extern crate enact_workflow as enact;
//! # use enact_action_core::prelude::*;
//! # use enact_workflow::workflow;
//! # /// Charges a card.
//! # #[derive(Action)]
//! # #[action(effect = idempotent, crate = enact_action_core)]
//! # struct Charge { #[doc = "How much."] cents: u32 }
//! # impl Run for Charge {
//! #     type Output = String;
//! #     async fn run(&self, cx: &Context) -> Result<String, Failure> {
//! #         Ok(format!("{} for {}", self.cents, cx.idempotency_key().unwrap_or_default()))
//! #     }
//! # }
//! use enact_workflow::engine::Engine;
//!
//! workflow! {
//!     /// Sells something.
//!     pub Sell { cents: u32 } -> String {
//!         step charge = Charge { cents };
//!         charge
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::memory(&Context::new())?; // or `Engine::open("sales.db", …)`
//! let run = engine.start("sale-1", Sell::new(500_u32)).await?;
//! // The same id finds the same run:
//! let same = engine.start("sale-1", Sell::new(500_u32)).await?;
//! assert_eq!(run.answer().await?, same.answer().await?);
//! assert_eq!(same.answer().await?, "500 for sale-1/charge");
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! - When [`start`](Engine::start), [`signal`](Engine::signal) or [`cancel`](Engine::cancel) has
//!   returned, what it asked for survives a loss of power; when [`answer`](Durable::answer) has, so
//!   does the answer.
//! - A step whose outcome is recorded is never run again. What it came to is recorded before any
//!   effect that comes after it: outcomes of steps that only read go to disk together with the next
//!   one that must.
//! - A step that a crash interrupts, or whose outcome was not on disk yet, is run again, with the same
//!   [`idempotency_key`](enact_action_core::Context::idempotency_key): the run's id and the step's
//!   path. So its effect happens at least once, and once where whoever has the effect knows the key.
//! - An undo that is recorded is not done again; one that a crash interrupts is, under its own key.
//! - A sleep and a wait's timeout go on where they were, by the time of day; deadlines too.
//! - Records are found by the steps' paths, so the order in which code runs does not matter. Where an
//!   expression decides otherwise than the journal has it, the run stops with `journal.diverged`, and is held.
//! - Once a write has failed, nothing more is acknowledged; runs stay open in the journal.
//! - A run that was recorded with another graph, or whose workflow this program does not have, is
//!   [held](Engine::held), not dropped.
//! - Secrets are refused when the engine opens, unless [`Settings`] has keys that the journal is sealed with.
//!
//! # What is not there yet
//!
//! What a failed undo has left can't be resumed after the process has ended.

mod again;
mod ask;
mod client;
mod drive;
mod error;
mod fate;
mod keeper;
mod known;
mod live;
mod run;
#[cfg(feature = "schedule")]
mod schedules;
mod secrets;
mod settings;
mod sinks;
mod start;
mod state;
mod telemetry;
mod timeline;

#[cfg(test)]
mod tests;

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_action_core::{Context, Failure, Registry};
use tokio_util::sync::CancellationToken;

pub use self::client::Client;
pub use self::error::{EngineError, Kind};
use self::keeper::Bell;
use self::known::Known;
use self::live::Tells;
pub use self::run::{Durable, Held, Summary};
pub use self::settings::Settings;
pub use self::sinks::{Delivers, Starts, run_id};
use self::start::Numbers;
use self::state::State;
pub use self::telemetry::Figures;
pub use crate::clock::{Clock, SystemClock};
#[cfg(feature = "postgres")]
use crate::journal::postgres::{Options, Postgres};
#[cfg(feature = "sealed")]
pub use crate::journal::sealed::Keyring;
#[cfg(feature = "sqlite")]
use crate::journal::sqlite::Sqlite;
pub use crate::journal::{Counts, List, Status, StoreError};
use crate::journal::{GraphRow, Memory, Store, Writer};

/// Runs workflows durably: what a step has come to is recorded before anything that depends on it
/// happens, and a run that a crash has stopped goes on from there.
///
/// Cheap to clone. Runs go on, and are taken up when they are due, as long as there is a clone; a run
/// that is under way holds one itself.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    writer: Writer,
    client: Client,
    cx: Context,
    settings: Settings,
    tells: Tells,
    /// Whether other processes run what is in the journal too.
    shared: bool,
    known: Known,
    state: Mutex<State>,
    numbers: tokio::sync::Mutex<Numbers>,
    #[cfg(feature = "schedule")]
    schedules: crate::schedule::Schedules,
    bell: Bell,
    closing: CancellationToken,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.bell.closing.cancel();
        self.tells.hub.close();
    }
}

impl Engine {
    /// Opens a journal in a file, or makes it, and goes on with every run that has not ended.
    ///
    /// Runs see the resources of `cx`. Needs a tokio runtime with its timer around it.
    ///
    /// # Errors
    /// Where the file can't be opened: it is another program's, or another process has it open; where
    /// it is sealed; where a workflow would put a secret into it, and it is not.
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>, cx: &Context) -> Result<Self, EngineError> {
        Self::open_with(path, Settings::default(), cx)
    }

    /// [`open`](Self::open), with other settings than the defaults.
    ///
    /// # Errors
    /// As those of [`open`](Self::open).
    #[cfg(feature = "sqlite")]
    pub fn open_with(
        path: impl AsRef<Path>,
        settings: Settings,
        cx: &Context,
    ) -> Result<Self, EngineError> {
        let store = Sqlite::open(path.as_ref(), settings.tables.as_deref());
        let store = store.map_err(|error| EngineError::store(error.into()))?;
        Self::with(Box::new(store), settings, cx)
    }

    /// Opens the journal at `postgres://user@host/database`, or makes it, and shares its runs with the other engines
    /// that have opened it.
    ///
    /// What they promise one another, and how long a fail-over takes, is told at
    /// [`journal::postgres`](crate::journal::postgres). For other options than the defaults, give
    /// [`Postgres::open`] to [`with`](Self::with).
    ///
    /// # Errors
    /// Where the database can't be reached or does not sync what it commits; where a workflow would put a
    /// secret into it.
    #[cfg(feature = "postgres")]
    pub async fn postgres(url: &str, cx: &Context) -> Result<Self, EngineError> {
        Self::postgres_with(url, Settings::default(), cx).await
    }

    /// [`postgres`](Self::postgres), with other settings than the defaults.
    ///
    /// # Errors
    /// As those of [`postgres`](Self::postgres).
    #[cfg(feature = "postgres")]
    pub async fn postgres_with(
        url: &str,
        settings: Settings,
        cx: &Context,
    ) -> Result<Self, EngineError> {
        let (url, mut options) = (url.to_owned(), Options::default());
        if let Some(tables) = &settings.tables {
            options = options.tables(tables);
        }
        let store = client::aside(move || Postgres::open(&url, &options)).await?;
        Self::with(Box::new(store), settings, cx)
    }

    /// An engine whose journal is in memory and ends with it: for tests, and for trying things out.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn memory(cx: &Context) -> Result<Self, EngineError> {
        Self::with(Box::new(Memory::default()), Settings::default(), cx)
    }

    /// An engine over any store.
    ///
    /// # Errors
    /// Where the store fails; where a workflow would put a secret into it; where no thread can be
    /// started.
    pub fn with(
        store: Box<dyn Store>,
        settings: Settings,
        cx: &Context,
    ) -> Result<Self, EngineError> {
        if !settings.seals() {
            let leaks = secrets::leaks(Registry::global());
            if !leaks.is_empty() {
                return Err(EngineError::secrets(&leaks));
            }
        }
        let store = settings.sealing(store).map_err(EngineError::opening)?;
        let lease = store.lease();
        let settings = settings.within(lease);
        let known = Known::gather();
        let rows = known.rows().map_err(EngineError::graphs)?;
        let reader = store.reader();
        let reader = reader.map_err(|error| EngineError::store(error.into()))?;
        let writer = settings.writer(store).map_err(EngineError::thread)?;
        let bell = Bell::default();
        let inner = Arc::new(Inner {
            writer,
            client: Client::of(reader, &settings),
            cx: cx.clone(),
            tells: Tells::of(cx),
            settings,
            shared: lease.is_some(),
            known,
            state: Mutex::default(),
            numbers: tokio::sync::Mutex::default(),
            #[cfg(feature = "schedule")]
            schedules: crate::schedule::Schedules::default(),
            closing: bell.closing.clone(),
            bell: bell.clone(),
        });
        keep(&inner, bell, rows);
        Ok(Self(inner))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops all runs where they are, and closes the journal; they go on when it is opened again.
    ///
    /// An effect that is under way is broken off, as by a crash, and happens again under the same key.
    /// When this returns, another process can open the journal; after a sync of a file in `SQLite` has failed, once nobody has
    /// it open, as clones of this engine have.
    pub async fn close(&self) {
        self.0.closing.cancel();
        loop {
            let gone = self.0.bell.gone.notified();
            if self.state().live.is_empty() {
                break;
            }
            gone.await;
        }
        self.give_up(&closed());
        let writer = self.0.writer.clone();
        // It does not panic.
        drop(tokio::task::spawn_blocking(move || writer.close()).await);
        self.0.tells.hub.close();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "they end when the engine is gone"
)]
fn keep(inner: &Arc<Inner>, bell: Bell, graphs: Vec<GraphRow>) {
    let closing = bell.closing.clone();
    drop(tokio::spawn(telemetry::count(
        Arc::downgrade(inner),
        inner.settings.poll,
        closing,
    )));
    let kept = inner.writer.clone();
    let engine = Arc::downgrade(inner);
    drop(tokio::spawn(async move {
        // Where they can't be kept, the writer has said so, and the keeper hears of it too.
        drop(kept.with(move |store| store.graphs(&graphs)).await);
        drop(kept);
        keeper::keep(engine, bell).await;
    }));
}

/// The failure of whoever waits for a run whose engine is closed.
fn closed() -> Failure {
    let message = "the engine is closed; the run goes on when its journal is opened again";
    Failure::terminal("engine.closed", message)
}

/// An error with its causes, in one line.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state();
        f.debug_struct("Engine")
            .field("live", &state.live.len())
            .finish_non_exhaustive()
    }
}
