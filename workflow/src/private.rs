//! All that generated code may name; no promise is kept about any of it.

pub use enact_action_core as core;
pub use enact_action_core::__private::{catch, inventory, std};
pub use enact_signal_core::Signal;

pub use crate::check::{self, Literal, Of, Otherwise};
pub use crate::graph::{Graph, Node, NodeKind};
pub use crate::run::{
    Arm, Fork, Held, Journaled, Ran, Scope, Stacks, Workflow, collected, run, spawn,
};
pub use crate::signals::Signals;
