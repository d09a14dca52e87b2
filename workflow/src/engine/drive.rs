//! From a run taken up to its record's last line.

use std::sync::Arc;
use std::time::Duration;

use enact_action_core::registry::Entry;
use enact_action_core::{Context, Failure};
use serde_json::Value;

use super::Engine;
use super::live::{self, Live};
use crate::clock;
use crate::journal::{
    Ending, Entry as Line, Kept, NewRun, Record, StoreError, is_of_journal, unwritable,
};

/// Whether a run is to be recorded before it begins.
pub(super) enum Begin {
    /// It is a new one.
    Now,
    /// It is recorded.
    Before,
}

impl Engine {
    /// Takes up a run.
    pub(super) fn go(
        &self,
        new: NewRun,
        entry: &'static Entry,
        records: Vec<Record>,
        begin: Begin,
    ) -> Arc<Live> {
        let live = Live::new(&new, self.0.writer.clone(), records);
        self.state().live.insert(new.id.clone(), Arc::clone(&live));
        let left = entry.spec().policy.deadline.map(|deadline| {
            let until = new.started.saturating_add(clock::millis(deadline));
            Duration::from_millis(until.saturating_sub(clock::now()))
        });
        let cx = live.context(&self.0.cx, &new, left);
        self.spawn(Arc::clone(&live), entry, new, begin, cx);
        live
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the engine's table owns the task"
    )]
    fn spawn(
        &self,
        live: Arc<Live>,
        entry: &'static Entry,
        new: NewRun,
        begin: Begin,
        cx: Context,
    ) {
        let engine = self.clone();
        let task = tokio::spawn(async move {
            let begun = match begin {
                Begin::Now => engine.write(Line::Begin(new.clone())).await,
                Begin::Before => Ok(()),
            };
            live.begin(begun.clone());
            let answer = match begun {
                Ok(()) => live::run(entry, new.input, &cx).await,
                Err(error) => Err(unwritable(error)),
            };
            let answer = engine.end(new.run, answer).await;
            live.end(answer);
            engine.state().live.remove(&new.id);
        });
        drop(task);
    }

    /// Records how a run ended, but for one that the journal has stopped: that one stays open.
    async fn end(&self, run: u64, answer: Result<Value, Failure>) -> Result<Value, Kept> {
        if let Err(failure) = &answer
            && is_of_journal(failure)
        {
            return Err(Kept::of(failure));
        }
        let line = Line::End {
            run,
            ending: Ending::of(&answer),
            at: clock::now(),
        };
        match self.write(line).await {
            Ok(()) => answer.map_err(|failure| Kept::of(&failure)),
            Err(error) => Err(Kept::of(&unwritable(error))),
        }
    }

    /// Writes durably.
    async fn write(&self, line: Line) -> Result<(), Arc<StoreError>> {
        let synced = self.0.writer.write(line).await?;
        self.0.writer.synced(synced).await
    }
}
