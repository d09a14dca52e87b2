//! All that generated code may name; no promise is kept about any of it.

pub use enact_action_core as core;
pub use enact_action_core::__private::{Submitted as SubmittedAction, inventory, std};
pub use enact_action_core::Params;
pub use enact_signal_core::Signal;

pub use crate::check::{self, ASignal, AnAction, Equals, Kept, Literal, Of, Otherwise, Subject};
pub use crate::graph::{Graph, Node, NodeKind};
pub use crate::registry::Submitted;
pub use crate::run::{
    Arm, Fork, Held, Journaled, Ran, Scope, Stacks, Workflow, collected, guarded, run, spawn,
};
pub use crate::signals::Signals;

/// What a signal is about, as text.
pub fn subject<T: Subject + ?Sized>(subject: &T) -> &str {
    subject.text()
}
