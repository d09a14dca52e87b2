//! Starting runs, and finding those that there are.

use std::ops::Range;
use std::sync::Arc;

use enact_action_core::context::Trace;
use enact_action_core::registry::Entry;
use enact_signal_core::Envelope;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::drive::Begin;
use super::error::MOST_ID;
use super::live::{self, Begun, Live, is_same};
use super::{Durable, Engine, EngineError};
use crate::journal::{Body, Entry as Line, NewRun, Origin, Record, RunRow, StartedBy};
use crate::run::Workflow;

/// Numbers for new runs that are set aside for this engine.
pub(super) type Numbers = Range<u64>;

/// How many are set aside at once.
const NUMBERS: u64 = 1024;

impl Engine {
    /// Starts a run of that id, or finds the one that there is.
    ///
    /// When this returns, the run survives a crash. Where more runs are in memory than
    /// [`Settings::most_live`](super::Settings::most_live), it waits for its turn in the journal.
    ///
    /// # Errors
    /// [`Kind::Taken`](super::Kind::Taken) where there is a run of that id with another workflow or other
    /// params; [`Kind::Refused`](super::Kind::Refused) where the params break a rule, or
    /// the id has not 1 to 1,024 bytes without a NUL;
    /// [`Kind::Held`](super::Kind::Held) where the run is there and can't go on.
    pub async fn start<W>(&self, id: &str, workflow: W) -> Result<Durable<W::Output>, EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        let parent = self.0.cx.trace().copied();
        self.given(parent, None, id, workflow).await
    }

    /// [`start`](Self::start), in a span of its caller's: all that the run does is of that trace, in
    /// whatever process.
    ///
    /// # Errors
    /// As those of [`start`](Self::start).
    pub async fn start_in<W>(
        &self,
        span: &Trace,
        id: &str,
        workflow: W,
    ) -> Result<Durable<W::Output>, EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        self.given(Some(*span), None, id, workflow).await
    }

    /// [`start`](Self::start), because of an event: the run is of its trace, and what the run emits
    /// names it as its cause and has its correlation, in whatever process: run and cause are one commit.
    ///
    /// # Errors
    /// As those of [`start`](Self::start).
    pub async fn start_because<W>(
        &self,
        cause: &Envelope,
        id: &str,
        workflow: W,
    ) -> Result<Durable<W::Output>, EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        let parent = cause.trace().or_else(|| self.0.cx.trace().copied());
        let cause = StartedBy::of(cause);
        self.given(parent, Some(cause), id, workflow).await
    }

    async fn given<W>(
        &self,
        parent: Option<Trace>,
        cause: Option<StartedBy>,
        id: &str,
        workflow: W,
    ) -> Result<Durable<W::Output>, EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        if id.is_empty() || id.len() > MOST_ID || id.contains('\0') {
            return Err(EngineError::name(id));
        }
        workflow
            .validate()
            .map_err(|violations| EngineError::refused(id, violations))?;
        let input = Body::of(&workflow).map_err(|error| EngineError::input(id, error))?;
        let known = self.0.known.of(W::GRAPH);
        let (graph, entry) = known.ok_or_else(|| EngineError::unknown(id))?;
        let run = self.number().await?;
        let started = self.0.settings.clock.now();
        let new = NewRun {
            run,
            id: id.to_owned(),
            workflow: (*W::GRAPH.name).to_owned(),
            version: W::GRAPH.version,
            graph,
            input,
            started,
            sum: 0,
        };
        let new = Arc::new(new.summed());
        let origin = match (parent, cause) {
            (None, None) => None,
            (parent, cause) => Some(Origin {
                parent: parent.unwrap_or_else(|| live::own(&new)),
                cause,
            }),
        };
        self.begin(new, entry, origin).await
    }

    async fn begin<O>(
        &self,
        new: Arc<NewRun>,
        entry: &'static Entry,
        origin: Option<Origin>,
    ) -> Result<Durable<O>, EngineError> {
        let (id, mut fate) = (new.id.clone(), self.state().fates.of(&new.id));
        let first = origin
            .as_ref()
            .map(|origin| origin.first(new.run, new.started));
        let first = first
            .transpose()
            .map_err(|error| EngineError::input(&id, error))?;
        let begun = match self.admit(&new, entry, origin, first.as_ref())? {
            Some(live) => {
                let begun = live.begun().await;
                if live.new.run != new.run && matches!(begun, Begun::Yes) {
                    is_same(&id, &live.new, &new)?;
                }
                // Where it is just ending, its own is no longer the one that is given out.
                fate = Arc::clone(&live.fate);
                begun
            }
            // For whoever has room.
            None => match self
                .0
                .writer
                .ask(Line::Enqueue(Arc::clone(&new), first))
                .await
            {
                Ok(true) => {
                    self.waits_for_room();
                    Begun::Yes
                }
                Ok(false) => Begun::Taken,
                Err(error) => Begun::Failed(error),
            },
        };
        match begun {
            Begun::Yes => Ok(Durable::new(self, &id, fate, None)),
            Begun::Failed(error) => Err(EngineError::store(error)),
            Begun::Taken => {
                let row = self.0.client.row(&id).await?;
                let whole = row.new.check();
                whole.map_err(|damage| EngineError::damaged(&id, damage))?;
                is_same(&id, &row.new, &new)?;
                Box::pin(self.durable(row, fate)).await
            }
        }
    }

    /// The run of that id that is in memory, or the new one where there is room for it.
    fn admit(
        &self,
        new: &Arc<NewRun>,
        entry: &'static Entry,
        origin: Option<Origin>,
        first: Option<&Record>,
    ) -> Result<Option<Arc<Live>>, EngineError> {
        let mut state = self.state();
        if let Some(live) = state.of(&new.id) {
            return Ok(Some(live));
        }
        if state.room(self.0.settings.most_live) == 0 {
            return Ok(None);
        }
        let journal = live::journal(new, &self.0.writer, &self.0.settings, None);
        let journal = journal.map_err(|damage| EngineError::damaged(&new.id, damage))?;
        if let Some(origin) = origin {
            journal.started_by(origin);
        }
        let fate = state.fates.of(&new.id);
        let live = Live::new(self, Arc::clone(new), entry, journal, fate);
        state.enter(&live);
        drop(state);
        self.spawn(Arc::clone(&live), Begin::New(first.cloned()));
        Ok(Some(live))
    }

    /// The run of that id, whatever its workflow answers.
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where there is none; [`Kind::Held`](super::Kind::Held)
    /// where it can't go on.
    pub async fn run(&self, id: &str) -> Result<Durable<Value>, EngineError> {
        let (live, fate) = {
            let mut state = self.state();
            (state.of(id), state.fates.of(id))
        };
        if let Some(live) = live
            && matches!(live.begun().await, Begun::Yes)
        {
            return Ok(Durable::new(self, id, Arc::clone(&live.fate), None));
        }
        let row = self.0.client.row(id).await?;
        self.durable(row, fate).await
    }

    /// A run that is not in memory, or was not a moment ago.
    async fn durable<O>(
        &self,
        row: RunRow,
        fate: Arc<super::fate::Fate>,
    ) -> Result<Durable<O>, EngineError> {
        let id = row.new.id.clone();
        if row.ending.is_some() {
            return Ok(Durable::new(self, &id, fate, Some(row)));
        }
        match self.why_held(&row).await? {
            Some(why) => Err(EngineError::held(&id, &why)),
            None => Ok(Durable::new(self, &id, fate, None)),
        }
    }

    async fn number(&self) -> Result<u64, EngineError> {
        let mut numbers = self.0.numbers.lock().await;
        loop {
            if let Some(number) = numbers.next() {
                return Ok(number);
            }
            let more = self.0.writer.with(|store| store.numbers(NUMBERS)).await;
            *numbers = more.map_err(EngineError::store)?;
        }
    }
}
