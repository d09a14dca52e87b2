//! A run that this process has taken up.

use std::sync::Arc;
use std::time::Duration;

use enact_action_core::__private::{Inside, catch};
use enact_action_core::registry::Entry;
use enact_action_core::{Context, Failure};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::EngineError;
use super::run::Durable;
use crate::journal::{
    Ending, Kept, NewRun, Record, RunJournal, RunRow, Status, StoreError, Writer,
};
use crate::run::Carried;

/// A run that this process has taken up.
pub(super) struct Live {
    workflow: String,
    input: Value,
    journal: Arc<RunJournal>,
    token: CancellationToken,
    begun: watch::Sender<Option<Result<(), Arc<StoreError>>>>,
    ended: watch::Sender<Option<Result<Value, Kept>>>,
}

/// A run by its id: one that is under way, or the record of one that has ended.
pub(super) enum Taken {
    Live(Arc<Live>),
    Ended(Box<RunRow>),
}

impl Live {
    pub(super) fn new(new: &NewRun, writer: Writer, records: Vec<Record>) -> Arc<Self> {
        let journal = RunJournal::new(new.run, writer, records);
        let token = CancellationToken::new();
        // Its steps take what is recorded of them first, so that a saga knows what to undo.
        if journal.cancelled() {
            token.cancel();
        }
        Arc::new(Self {
            workflow: new.workflow.clone(),
            input: new.input.clone(),
            journal: Arc::new(journal),
            token,
            begun: watch::Sender::new(None),
            ended: watch::Sender::new(None),
        })
    }

    pub(super) fn journal(&self) -> &RunJournal {
        &self.journal
    }

    pub(super) fn cancel(&self) {
        self.token.cancel();
    }

    pub(super) fn begin(&self, begun: Result<(), Arc<StoreError>>) {
        self.begun.send_replace(Some(begun));
    }

    pub(super) fn end(&self, answer: Result<Value, Kept>) {
        self.ended.send_replace(Some(answer));
    }

    pub(super) async fn answer(&self) -> Result<Value, Failure> {
        let mut ended = self.ended.subscribe();
        let answer = ended.wait_for(Option::is_some).await;
        match answer.as_deref().cloned() {
            Ok(Some(answer)) => answer.map_err(|kept| kept.failure()),
            Ok(None) | Err(_) => Err(Failure::cancelled()),
        }
    }

    /// The context of the run: the engine's resources, and what makes it durable.
    pub(super) fn context(&self, cx: &Context, new: &NewRun, left: Option<Duration>) -> Context {
        let carried = Carried {
            listener: cx
                .carried::<Carried>()
                .and_then(|carried| carried.listener.clone()),
            prefix: String::new(),
            journal: Some(Arc::clone(&self.journal)),
            undo: None,
        };
        let cx = cx.inside(Inside {
            idempotency_key: Some(new.id.clone().into()),
            trace: cx.trace().copied(),
            carried: Some(Arc::new(carried)),
        });
        let cx = cx.cancelled_by(self.token.clone());
        match left.and_then(|left| Instant::now().checked_add(left)) {
            Some(deadline) => cx.until(deadline),
            None => cx,
        }
    }
}

impl Taken {
    /// The run, if it is of that workflow with that input.
    pub(super) fn same<O: DeserializeOwned>(
        self,
        id: &str,
        workflow: &str,
        input: &Value,
    ) -> Result<Durable<O>, EngineError> {
        let (own, given) = match &self {
            Self::Live(live) => (&live.workflow, &live.input),
            Self::Ended(row) => (&row.new.workflow, &row.new.input),
        };
        if own == workflow && given == input {
            Ok(Durable::new(id, self))
        } else {
            Err(EngineError::taken(id))
        }
    }

    /// Waits until the run is recorded.
    pub(super) async fn begun(&self) -> Result<(), Arc<StoreError>> {
        let Self::Live(live) = self else {
            return Ok(());
        };
        let mut begun = live.begun.subscribe();
        let seen = begun.wait_for(Option::is_some).await;
        // The task that begins it holds the sender, and so does this.
        seen.map_or(Ok(()), |begun| begun.clone().unwrap_or(Ok(())))
    }

    pub(super) async fn answer(&self) -> Result<Value, Failure> {
        match self {
            Self::Live(live) => live.answer().await,
            Self::Ended(row) => Ending::answer(row),
        }
    }

    pub(super) fn status(&self) -> Status {
        match self {
            Self::Live(live) => match &*live.ended.borrow() {
                None => Status::Open,
                Some(Ok(_)) => Status::Answered,
                Some(Err(_)) => Status::Failed,
            },
            Self::Ended(row) => row.status,
        }
    }
}

/// Runs a workflow by its entry.
pub(super) async fn run(
    entry: &'static Entry,
    input: Value,
    cx: &Context,
) -> Result<Value, Failure> {
    let attempt = entry.prepare(input)?;
    catch(attempt.run(cx)).await
}
