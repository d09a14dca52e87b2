//! An undo that did not come to its end, to go on with.

use std::fmt;

use enact_action_core::Failure;

use super::report::{back, report};
use super::stack::Entry;

/// What is left to undo after the undo of a step failed.
///
/// A failed undo leaves the world half changed, so it is loud: the failure carries the report, the
/// log has an error, and this goes on from where it stopped, once whatever was in the way is gone.
/// It lives in memory, for as long as the failure does; the failure of a collected arm is only
/// read, so there a saga keeps what is left and tries it again where it goes back later.
pub struct Unfinished {
    left: Vec<Entry>,
}

impl Unfinished {
    pub(crate) fn new(left: Vec<Entry>) -> Self {
        Self { left }
    }

    pub(crate) fn into_left(self) -> Vec<Entry> {
        self.left
    }

    /// Takes what is left to undo out of the failure of a saga; nothing, where all is undone.
    pub fn of(failure: &mut Failure) -> Option<Self> {
        failure
            .take_unfinished()?
            .downcast()
            .ok()
            .map(|unfinished| *unfinished)
    }

    /// Goes on undoing, from the step whose undo failed.
    ///
    /// # Errors
    /// `undo.unfinished`, with the report, where the undo of a step failed again; what is left then
    /// is in that failure.
    pub async fn resume(self) -> Result<(), Failure> {
        let went = back(&|_, _| (), self.left).await;
        if went.left.is_empty() {
            return Ok(());
        }
        let message = "a step could still not be undone; see to it and resume once more";
        Err(report(went, Failure::retryable("undo.unfinished", message)))
    }

    /// The paths of the steps that are left, the next one first.
    pub fn steps(&self) -> Vec<&str> {
        let mut paths = Vec::new();
        gather(&self.left, &mut paths);
        paths
    }
}

fn gather<'a>(entries: &'a [Entry], paths: &mut Vec<&'a str>) {
    for entry in entries.iter().rev() {
        match entry {
            Entry::Step(step) => paths.push(&step.path),
            Entry::Side(arms) => arms.iter().for_each(|arm| gather(arm, paths)),
        }
    }
}

impl fmt::Debug for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unfinished")
            .field("steps", &self.steps())
            .finish()
    }
}
