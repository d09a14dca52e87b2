//! The output of a step, as the rest of the workflow reads it.

use std::sync::Arc;

use enact_action_core::action::Output;
use enact_action_core::{Action, Run};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::journal::Answered;

/// An output that can be read back from a journal.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be journaled: it is written but can't be read back",
    label = "the output of this step",
    note = "a run that goes on after a crash reads outputs back: write `#[derive(Params)]` on `{Self}`, or \
            derive serde's `Deserialize` beside `Serialize`"
)]
pub trait Journaled: Output + Sized {
    /// Reads an output back.
    #[doc(hidden)]
    fn read_back(json: Value) -> serde_json::Result<Self>;

    /// The output as a journal keeps it.
    #[doc(hidden)]
    fn written(&self) -> serde_json::Result<Answered>;
}

#[diagnostic::do_not_recommend]
impl<T: Output + DeserializeOwned> Journaled for T {
    fn read_back(json: Value) -> serde_json::Result<Self> {
        serde_json::from_value(json)
    }

    fn written(&self) -> serde_json::Result<Answered> {
        Answered::with(self.plain())
    }
}

/// The output of a step; shared with its undo, where it has one.
#[expect(missing_debug_implementations, reason = "an output need not print")]
pub enum Held<A: Run> {
    /// Only the workflow reads it.
    Alone(A::Output),
    /// Its undo reads it too.
    Shared(Arc<Ran<A>>),
}

/// A step that has run, for its undo.
#[expect(missing_debug_implementations, reason = "an output need not print")]
pub struct Ran<A: Run> {
    pub(crate) action: A,
    /// None where it died midway.
    pub(crate) output: Option<A::Output>,
}

impl<A: Action> Held<A> {
    /// The output.
    ///
    /// # Panics
    /// Never: what is shared here has answered.
    #[inline]
    pub fn output(&self) -> &A::Output {
        match self {
            Self::Alone(output) => output,
            Self::Shared(ran) => ran
                .output
                .as_ref()
                .expect("a step that is held has answered"),
        }
    }
}
