//! Runs that start by themselves, and what schedules need of an engine.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::{Engine, EngineError};
use crate::journal::{Body, Entry};
use crate::run::Workflow;
use crate::schedule::{At, Schedule, Scheduled};

impl Engine {
    /// Starts a run at each time of a schedule, as long as the engine is at work.
    ///
    /// The run's id is the name and the time: `report/2026-11-23T07:00:00Z`. `make` makes its workflow
    /// from that time, and from nothing else: whoever starts the same occurrence gives it the same.
    /// See [`schedule`](crate::schedule) for what is promised, and an example.
    ///
    /// When this returns, it is in the journal when the schedule began. It is given again each time the
    /// program starts, and goes on where it was.
    ///
    /// # Errors
    /// [`Kind::Taken`](super::Kind::Taken) where this engine has a schedule of that name;
    /// [`Kind::NotThere`](super::Kind::NotThere) where the registry does not have the workflow;
    /// [`Kind::Refused`](super::Kind::Refused) where the name is empty or longer than 200 bytes.
    pub async fn schedule<W>(
        &self,
        name: &str,
        schedule: Schedule,
        make: impl Fn(&At) -> W + Send + Sync + 'static,
    ) -> Result<(), EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        if self.0.known.of(W::GRAPH).is_none() {
            return Err(EngineError::unknown(name));
        }
        self.0.schedules.add(self, name, schedule, make).await
    }

    /// Ends a schedule, here and in other processes that are at work on the journal; runs that it has
    /// started go on.
    ///
    /// Where it is given again, it begins anew: what lies between is not caught up with.
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where this engine has no schedule of that name.
    pub async fn unschedule(&self, name: &str) -> Result<(), EngineError> {
        self.0.schedules.remove(self, name).await
    }

    /// The schedules that this engine keeps, in the order of their names.
    pub async fn schedules(&self) -> Vec<Scheduled> {
        self.0.schedules.told(self.now()).await
    }

    /// Now, in milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.0.settings.clock.now()
    }

    /// A way back to the engine that does not keep it.
    pub(crate) fn faint(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let inner = Arc::downgrade(&self.0);
        move || inner.upgrade().map(Self)
    }

    /// A token that is cancelled when the engine is closed or gone.
    pub(crate) fn ending(&self) -> CancellationToken {
        self.0.closing.child_token()
    }

    /// Whether the journal takes no more.
    pub(crate) fn has_failed(&self) -> bool {
        self.0.writer.failed().is_some()
    }

    pub(crate) async fn note(&self, name: String) -> Result<Option<Body>, EngineError> {
        self.0.client.read(move |reader| reader.note(&name)).await
    }

    /// Keeps a note; it is on disk when this returns.
    pub(crate) async fn write_note(&self, name: String, body: Body) -> Result<(), EngineError> {
        let taken = self.0.writer.ask(Entry::Note { name, body }).await;
        taken.map(drop).map_err(EngineError::store)
    }
}
