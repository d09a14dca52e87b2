//! What is asked of runs, and told of them.

use std::sync::Arc;

use enact_signal_core::{Envelope, Signal};

use super::client::posting;
use super::known::why_not;
use super::live::{Begun, Live};
use super::run::Held;
use super::{Client, Engine, EngineError, Summary};
use crate::journal::{Entry, EventId, RunRow, Sent, What};

/// How many runs are told of that are held.
const MOST_HELD: usize = 1000;

impl Engine {
    /// Sends a signal to a run, which has it from now on, whether it waits for it yet or not.
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where no run of that id is open.
    pub async fn signal<S: Signal>(
        &self,
        id: &str,
        signal: &S,
        subject: Option<String>,
    ) -> Result<(), EngineError> {
        let data = serde_json::to_value(signal).map_err(|error| EngineError::input(id, error))?;
        let sent = Sent {
            kind: S::TYPE.to_owned(),
            subject,
            version: S::SPEC.version,
            data,
            event: None,
        };
        self.send(id, sent).await
    }

    /// Hands an event to a run, which has it from now on, whether it waits for it yet or not.
    ///
    /// A run has each event once, by its source and its id: what is delivered again, as after an
    /// acknowledgement that was lost, changes nothing, be the run open or not.
    ///
    /// ```
    /// # extern crate enact_workflow as enact;
    /// use enact::workflow::engine::Engine;
    /// use enact_signal_core::{Envelope, Limits, json};
    ///
    /// # async fn received(engine: &Engine, bytes: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let envelope = json::read(bytes, &Limits::default())?;
    /// engine.deliver("order-1042", &envelope).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where no run of that id is open, or has had the event;
    /// [`Kind::Refused`](super::Kind::Refused) where the event's data is no JSON.
    pub async fn deliver(&self, id: &str, envelope: &Envelope) -> Result<(), EngineError> {
        let sent = Sent::of(envelope).map_err(|error| EngineError::event(id, error))?;
        let sent = self.send(id, sent).await;
        let event = EventId::of(envelope);
        self.client().unless_had(id, &event, sent).await
    }

    /// The run of that id, where it is in memory and has not ended.
    ///
    /// One that is only about to begin may be refused, since there is a run of that id that is not in memory.
    async fn at_work(&self, id: &str) -> Option<Arc<Live>> {
        let live = self.state().of(id)?;
        let has_begun = matches!(live.begun().await, Begun::Yes);
        (has_begun && live.fate.known().is_none()).then_some(live)
    }

    async fn send(&self, id: &str, sent: Sent) -> Result<(), EngineError> {
        if let Some(live) = self.at_work(id).await {
            let recorded = live.journal.send(sent.clone(), None).await;
            if recorded.map_err(|failure| EngineError::journal(id, failure))? {
                return Ok(());
            }
        }
        self.post(id, &What::Signal(sent)).await
    }

    /// Asks for a run to be cancelled; it stops, and goes back where it is a saga.
    ///
    /// When this returns, the wish survives a crash.
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where no run of that id is open.
    pub async fn cancel(&self, id: &str) -> Result<(), EngineError> {
        if let Some(live) = self.at_work(id).await {
            let recorded = live.journal.cancel(None, || live.token.cancel()).await;
            if recorded.map_err(|failure| EngineError::journal(id, failure))? {
                return Ok(());
            }
        }
        self.post(id, &What::Cancelled).await
    }

    /// Asks for a run to end at once, whatever it has done; nothing is undone.
    ///
    /// # Errors
    /// [`Kind::NotThere`](super::Kind::NotThere) where no run of that id is open.
    pub async fn terminate(&self, id: &str) -> Result<(), EngineError> {
        self.post(id, &What::Terminate).await
    }

    /// Opens a run that has failed again, to go on from the step that failed.
    ///
    /// What had answered is not run again, but for what was undone since: that is done anew, under a
    /// key of its own, and what may hang on it, so all that was read, chosen and waited for, is found
    /// anew. The run has its deadline anew.
    ///
    /// # Errors
    /// [`Kind::NotFailed`](super::Kind::NotFailed) where no run of that id has failed.
    pub async fn retry(&self, id: &str) -> Result<(), EngineError> {
        let before = self.state().of(id);
        let entry = self.0.client.reopening(id).await?;
        self.leave(entry, || EngineError::not_failed(id)).await?;
        // It had ended, and may not be out of memory yet; nobody shall find it there any more.
        before.inspect(|before| self.gone(before));
        Ok(())
    }

    /// Opens a run again in which the undo of a step has failed, to go on with that undo and what is left after it.
    ///
    /// For when whatever was in the way is gone. Nothing else is done again: what had answered, what had failed and
    /// what was undone stands, and the run ends with the failure that it had, whose report says what is undone now.
    ///
    /// # Errors
    /// [`Kind::NothingLeft`](super::Kind::NothingLeft) where no run of that id has left anything that could not be undone.
    pub async fn undo(&self, id: &str) -> Result<(), EngineError> {
        let before = self.state().of(id);
        let entry = self.0.client.going_back(id).await?;
        self.leave(entry, || EngineError::nothing_left(id)).await?;
        before.inspect(|before| self.gone(before));
        Ok(())
    }

    async fn post(&self, id: &str, what: &What) -> Result<(), EngineError> {
        let row = self.0.client.row(id).await?;
        let entry = posting(id, row.new.run, what)?;
        self.leave(entry, || EngineError::not_open(id)).await
    }

    async fn leave(
        &self,
        entry: Entry,
        refused: impl FnOnce() -> EngineError,
    ) -> Result<(), EngineError> {
        let taken = self.0.writer.ask(entry).await;
        if !taken.map_err(EngineError::store)? {
            return Err(refused());
        }
        self.0.bell.ring.notify_one();
        Ok(())
    }

    /// How many runs are in memory.
    pub fn live(&self) -> usize {
        self.state().live.len()
    }

    /// What reads the journal beside the runs, and can be handed on.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The latest runs, the latest first.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub async fn list(&self, most: usize) -> Result<Vec<Summary>, EngineError> {
        self.0.client.list(most).await
    }

    /// The runs that can't go on in this program, and why; they wait in the journal. A thousand at most.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub async fn held(&self) -> Result<Vec<Held>, EngineError> {
        let graphs = self.0.known.keys();
        let strangers = self
            .0
            .client
            .read(move |reader| reader.strangers(&graphs, MOST_HELD));
        let strangers = strangers.await?;
        let mut held: Vec<Held> = self.state().damaged.values().cloned().collect();
        for row in strangers {
            let why = self.strange(&row).await?;
            held.push(Held::new(row.new.id, row.new.workflow, why));
        }
        held.truncate(MOST_HELD);
        Ok(held)
    }

    /// Why an open run can't go on here, if it can't.
    pub(super) async fn why_held(&self, row: &RunRow) -> Result<Option<String>, EngineError> {
        if let Some(held) = self.state().damaged.get(&row.new.run) {
            return Ok(Some(held.why.clone()));
        }
        if let Some(failed) = self.0.writer.failed() {
            return Ok(Some(format!(
                "its journal has stopped it ({}); open the journal again once that is mended",
                super::reason(&*failed)
            )));
        }
        let key = row.new.graph;
        // What another process knows, another process runs.
        if self.0.shared || self.0.known.entry(key).is_some() {
            return Ok(None);
        }
        self.strange(row).await.map(Some)
    }

    /// Why a run of a graph that this program does not have can't go on here.
    async fn strange(&self, row: &RunRow) -> Result<String, EngineError> {
        let key = row.new.graph;
        let kept = self.0.client.read(move |reader| reader.graph(key)).await?;
        Ok(why_not(row, kept.as_ref()))
    }
}
