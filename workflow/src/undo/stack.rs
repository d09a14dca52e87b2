//! What there is to undo, in the order in which it was done.

use std::sync::{Arc, Mutex, PoisonError};

use enact_action_core::__private::{Attempt, Checked, undo};
use enact_action_core::action::BoxFuture;
use enact_action_core::spec::Policy;
use enact_action_core::{Action, Context, Undone};

use crate::journal::{Deed, RunJournal};
use crate::run::Ran;

/// The undo of what a part of a run has done.
#[derive(Default)]
pub(crate) struct Stack(Mutex<Vec<Entry>>);

/// One thing to undo.
pub(crate) enum Entry {
    Step(Box<Step>),
    /// Arms that ran side by side and are undone so.
    Side(Vec<Vec<Self>>),
}

/// A step that has run, or died midway.
pub(crate) struct Step {
    pub(crate) path: String,
    ran: Arc<dyn Undoable>,
    policy: Policy,
    cx: Context,
    journal: Option<Arc<RunJournal>>,
}

/// What has run and can be undone.
pub(crate) trait Undoable: Send + Sync {
    /// Undoes it; nothing, where there is no undo after all.
    fn undo<'a>(&'a self, policy: &'a Policy, cx: &'a Context) -> BoxFuture<'a, Option<Undone>>;
}

impl<A: Action> Undoable for Ran<A> {
    fn undo<'a>(&'a self, policy: &'a Policy, cx: &'a Context) -> BoxFuture<'a, Option<Undone>> {
        Box::pin(async move {
            let attempt: &dyn Attempt<A::Output> = &Checked(&self.action);
            undo(attempt, self.output.as_ref(), policy, cx).await
        })
    }
}

impl Stack {
    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_empty(&mut self) -> bool {
        self.0
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    pub(crate) fn push(&self, step: Step) {
        self.entries().push(Entry::Step(Box::new(step)));
    }

    /// Arms that have ended.
    pub(crate) fn side(&self, arms: Vec<Self>) {
        let arms = arms.into_iter().map(Self::into_entries);
        let arms: Vec<Vec<Entry>> = arms.filter(|arm| !arm.is_empty()).collect();
        if !arms.is_empty() {
            self.entries().push(Entry::Side(arms));
        }
    }

    /// What a run inside has done.
    pub(crate) fn take_over(&self, inner: Self) {
        self.keep(inner.into_entries());
    }

    /// What is left to undo.
    pub(crate) fn keep(&self, left: Vec<Entry>) {
        self.entries().extend(left);
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    pub(crate) fn take(&self) -> Self {
        Self(Mutex::new(std::mem::take(&mut *self.entries())))
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Step {
    pub(crate) fn new(
        path: String,
        ran: Arc<dyn Undoable>,
        policy: Policy,
        cx: Context,
        journal: Option<Arc<RunJournal>>,
    ) -> Self {
        Self {
            path,
            ran,
            policy,
            cx,
            journal,
        }
    }

    /// Whether the journal has it that it was undone.
    pub(crate) fn is_undone(&self) -> bool {
        let journal = self.journal.as_ref();
        journal.is_some_and(|journal| journal.undone(&self.path))
    }

    /// Undoes it.
    pub(crate) async fn undo(&self) -> Option<Undone> {
        let Some(journal) = &self.journal else {
            return self.ran.undo(&self.policy, &self.cx).await;
        };
        if let Err(failure) = journal.sync().await {
            return Some(Undone::Failed(failure));
        }
        let _busy = journal.busy();
        let undo = self.ran.undo(&self.policy, &self.cx);
        let undone = journal.doing(Deed::Undo, &self.path, undo).await;
        if matches!(undone, Some(Undone::Done) | None)
            && let Err(failure) = journal.record_undone(&self.path).await
        {
            return Some(Undone::Failed(failure));
        }
        undone
    }
}
