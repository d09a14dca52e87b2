//! What the body of a workflow is written against.

use enact_action_core::Failure;

use super::block::Block;
use super::place::Indices;
use super::root::Root;
use crate::event::What;
use crate::undo::Stack;

/// A part of a run: its graph, what stops it, how it is undone, and the items and passes it is in.
#[derive(Clone, Copy)]
#[expect(
    missing_debug_implementations,
    reason = "only generated code holds one"
)]
pub struct Scope<'a> {
    pub(crate) root: &'a Root<'a>,
    pub(crate) block: &'a Block<'a>,
    pub(crate) undo: &'a Stack,
    pub(crate) at: Indices,
}

impl Scope<'_> {
    /// The same part, in one pass of a repeat.
    #[must_use]
    pub fn pass(&self, index: u32) -> Self {
        Self {
            at: self.at.inside(index),
            ..*self
        }
    }

    /// Notes which arm of a branch is taken.
    ///
    /// # Errors
    /// `journal.diverged`, where the journal has another.
    #[inline]
    pub async fn branch(&self, node: u32, arm: u32) -> Result<(), Failure> {
        match self.root.journal() {
            None => {
                self.tell(node, || What::BranchTaken { arm });
                Ok(())
            }
            Some(journal) => Box::pin(self.journaled_branch(journal, node, arm)).await,
        }
    }

    /// Notes that the run answers early.
    #[inline]
    pub fn stopped(&self, node: u32) {
        if !self.root.is_old() {
            self.tell(node, || What::Stopped);
        }
    }

    /// From here the saga goes only forward.
    pub fn pivot(&self) {
        self.root
            .forward
            .store(true, std::sync::atomic::Ordering::Release);
        self.undo.clear();
    }

    /// The failure of a repeat whose condition never held.
    #[cold]
    pub fn exhausted(&self, node: u32, max: u32) -> Failure {
        let path = self.at.fill("", self.root.own_path(node));
        let message = format!("`{path}` was repeated {max} times and its condition never held");
        Failure::terminal("repeat.exhausted", message).at_step(&path)
    }

    /// Whether this part may go on.
    ///
    /// # Errors
    /// Why it may not.
    #[inline]
    pub(crate) fn may_go_on(&self) -> Result<(), Failure> {
        match self.block.stopped() {
            None => Ok(()),
            Some(stop) => Err(stop.failure()),
        }
    }

    #[inline]
    pub(crate) fn tell(&self, node: u32, what: impl FnOnce() -> What) {
        self.root.tell(|| self.root.path(node, self.at), what);
    }

    /// The failure, with the path of the node of this run that it happened in.
    #[cold]
    pub(crate) fn failure_at(&self, node: u32, failure: Failure) -> Failure {
        failure.at_step(&self.at.fill("", self.root.own_path(node)))
    }
}
