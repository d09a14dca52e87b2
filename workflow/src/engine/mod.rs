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
//!   expression decides otherwise than the journal has it, the run stops with `journal.diverged`.
//! - Once a write has failed, nothing more is acknowledged; runs stay open in the journal.
//! - A run that was recorded with another graph, or whose workflow this program does not have, is
//!   [held](Engine::held), not dropped.
//! - Secrets are refused when the engine opens, since a journal keeps what it has in clear.
//!
//! # What is not there yet
//!
//! Other stores than `SQLite`, several processes on one journal, schedules, going on under an old graph,
//! retrying a failed run, retention, compression, and the timeline. Runs that wait stay in memory.
//! What a failed undo has left can't be resumed after the process has ended.

mod drive;
mod error;
mod live;
mod run;
mod secrets;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_action_core::registry::Entry;
use enact_action_core::{Context, Registry};
use enact_signal_core::Signal;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::drive::Begin;
pub use self::error::{EngineError, Kind};
use self::live::{Live, Taken};
pub use self::run::{Durable, Held, Summary};
use crate::clock;
use crate::graph::Graph;
#[cfg(feature = "sqlite")]
use crate::journal::Sqlite;
use crate::journal::{Finder, Memory, NewRun, RunRow, Store, What, Writer};
pub use crate::journal::{Status, StoreError};
use crate::registry::workflows;
use crate::run::Workflow;

/// Runs workflows durably: what a step has come to is recorded before anything that depends on it
/// happens, and a run that a crash has stopped goes on from there.
///
/// Cheap to clone; the journal is closed when the last clone and the last run are gone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    writer: Writer,
    finder: Box<dyn Finder>,
    cx: Context,
    state: Mutex<State>,
    starting: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    live: HashMap<String, Arc<Live>>,
    held: Vec<Held>,
    last: u64,
}

impl Engine {
    /// Opens a journal in a file, or makes it, and goes on with every run that has not ended.
    ///
    /// Runs see the resources of `cx`. Needs a tokio runtime with its timer around it.
    ///
    /// # Errors
    /// Where the file can't be opened: it is another program's, or another process has it open; where
    /// a workflow would put a secret into it.
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>, cx: &Context) -> Result<Self, EngineError> {
        let store =
            Sqlite::open(path.as_ref()).map_err(|error| EngineError::store(error.into()))?;
        Self::with(Box::new(store), cx)
    }

    /// An engine whose journal is in memory and ends with it: for tests, and for trying things out.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn memory(cx: &Context) -> Result<Self, EngineError> {
        Self::with(Box::new(Memory::default()), cx)
    }

    fn with(store: Box<dyn Store>, cx: &Context) -> Result<Self, EngineError> {
        let leaks = secrets::leaks(Registry::global());
        if !leaks.is_empty() {
            return Err(EngineError::secrets(&leaks));
        }
        let failed = |error: StoreError| EngineError::store(error.into());
        let mut store = store;
        let (last, open) = (store.last_run(), store.open_runs());
        let finder = store.finder().map_err(failed)?;
        let writer = Writer::start(store).map_err(EngineError::thread)?;
        let engine = Self(Arc::new(Inner {
            writer,
            finder,
            cx: cx.clone(),
            state: Mutex::default(),
            starting: tokio::sync::Mutex::default(),
        }));
        engine.state().last = last.map_err(failed)?;
        for (row, records) in open.map_err(failed)? {
            match found(&row) {
                Ok(entry) => drop(engine.go(row.new, entry, records, Begin::Before)),
                Err(why) => {
                    tracing::error!(target: "enact::workflow", run = row.new.id, why, "a run is held");
                    let held = Held::new(row.new.id, row.new.workflow, why);
                    engine.state().held.push(held);
                }
            }
        }
        Ok(engine)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a run of that id, or finds the one that there is.
    ///
    /// When this returns, the run survives a crash.
    ///
    /// # Errors
    /// [`Kind::Taken`] where there is a run of that id with another workflow or other params;
    /// [`Kind::Refused`] where the params break a rule; [`Kind::Held`] where the run is there and can't
    /// go on.
    pub async fn start<W>(&self, id: &str, workflow: W) -> Result<Durable<W::Output>, EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        workflow
            .validate()
            .map_err(|violations| EngineError::refused(id, violations))?;
        let input =
            serde_json::to_value(&workflow).map_err(|error| EngineError::input(id, error))?;
        let entry = Registry::global().get(&W::GRAPH.name);
        let entry = entry.ok_or_else(|| EngineError::unknown(id))?;
        let run = {
            // One at a time, so that no other begins under this id meanwhile.
            let _starting = self.0.starting.lock().await;
            match self.find(id)? {
                Some(found) => found,
                None => {
                    self.state().last += 1;
                    let new = new_run(self.state().last, id, W::GRAPH, input.clone());
                    Taken::Live(self.go(new, entry, Vec::new(), Begin::Now))
                }
            }
        };
        run.begun().await.map_err(EngineError::store)?;
        run.same(id, &W::GRAPH.name, &input)
    }

    fn find(&self, id: &str) -> Result<Option<Taken>, EngineError> {
        if let Some(live) = self.state().live.get(id) {
            return Ok(Some(Taken::Live(Arc::clone(live))));
        }
        let row = self.0.finder.find(id);
        match row.map_err(|error| EngineError::store(error.into()))? {
            Some(row) if row.status == Status::Open => Err(self.held_back(id)),
            row => Ok(row.map(|row| Taken::Ended(Box::new(row)))),
        }
    }

    /// The error of a run that is open and that this process has not taken up.
    fn held_back(&self, id: &str) -> EngineError {
        let state = self.state();
        let held = state.held.iter().find(|held| held.id == id);
        let stopped = "its journal has stopped it; open the journal again once the cause is mended";
        EngineError::held(id, held.map_or(stopped, |held| &held.why))
    }

    /// The run of that id, whatever its workflow answers.
    ///
    /// # Errors
    /// [`Kind::NotThere`] where there is none.
    pub fn run(&self, id: &str) -> Result<Durable<Value>, EngineError> {
        match self.find(id)? {
            Some(found) => Ok(Durable::new(id, found)),
            None => Err(EngineError::not_there(id)),
        }
    }

    /// Sends a signal to a run, which has it from now on, whether it waits for it yet or not.
    ///
    /// # Errors
    /// [`Kind::NotThere`] where no run of that id is open.
    pub async fn signal<S: Signal>(
        &self,
        id: &str,
        signal: &S,
        subject: Option<String>,
    ) -> Result<(), EngineError> {
        let data = serde_json::to_value(signal).map_err(|error| EngineError::input(id, error))?;
        let live = self.open_run(id)?;
        let sent = live.journal().send(S::TYPE, subject, data).await;
        sent.map_err(|failure| EngineError::journal(id, failure))
    }

    /// Asks for a run to be cancelled; it stops, and goes back where it is a saga.
    ///
    /// When this returns, the wish survives a crash.
    ///
    /// # Errors
    /// [`Kind::NotThere`] where no run of that id is open.
    pub async fn cancel(&self, id: &str) -> Result<(), EngineError> {
        let live = self.open_run(id)?;
        let journal = live.journal();
        let recorded = journal.record(String::new(), What::Cancelled).await;
        recorded.map_err(|failure| EngineError::journal(id, failure))?;
        journal
            .sync()
            .await
            .map_err(|failure| EngineError::journal(id, failure))?;
        live.cancel();
        Ok(())
    }

    fn open_run(&self, id: &str) -> Result<Arc<Live>, EngineError> {
        match self.find(id)? {
            Some(Taken::Live(live)) => Ok(live),
            Some(Taken::Ended(_)) | None => Err(EngineError::not_there(id)),
        }
    }

    /// The latest runs, the latest first.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub fn list(&self, most: usize) -> Result<Vec<Summary>, EngineError> {
        let rows = self.0.finder.list(most);
        let rows = rows.map_err(|error| EngineError::store(error.into()))?;
        Ok(rows.into_iter().map(Summary::of).collect())
    }

    /// The runs that can't go on in this program, and why; they wait in the journal.
    pub fn held(&self) -> Vec<Held> {
        self.state().held.clone()
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state();
        f.debug_struct("Engine")
            .field("live", &state.live.len())
            .field("held", &state.held.len())
            .finish_non_exhaustive()
    }
}

fn new_run(run: u64, id: &str, graph: &Graph, input: Value) -> NewRun {
    NewRun {
        run,
        id: id.to_owned(),
        workflow: graph.name.clone().into_owned(),
        version: graph.version,
        graph: graph.fingerprint(),
        input,
        started: clock::now(),
    }
}

/// The workflow of a recorded run, as this program has it.
fn found(row: &RunRow) -> Result<&'static Entry, String> {
    let name = &row.new.workflow;
    let Some(entry) = Registry::global().get(name) else {
        return Err(format!(
            "this program has no workflow {name:?}; run the one that has"
        ));
    };
    let graph = workflows().find(|graph| graph.name == *name);
    match graph.map(Graph::fingerprint) {
        Some(fingerprint) if fingerprint == row.new.graph => Ok(entry),
        _ => Err(format!(
            "it was recorded with another graph of {name:?}, version {}; run the program that has that \
             graph until it ends",
            row.new.version
        )),
    }
}
