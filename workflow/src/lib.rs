//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.

#[doc(hidden)]
pub mod check;
pub mod event;
pub mod graph;
#[cfg(feature = "testing")]
mod lock;
pub mod plan;
pub mod registry;
pub mod run;
pub mod signals;
#[cfg(feature = "testing")]
pub mod testing;
mod undo;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

// Generated code finds this crate under the name that the facade gives it.
#[doc(hidden)]
pub extern crate self as workflow;

pub use self::event::{Event, Events, Running, Start, What, listen};
pub use self::graph::{Graph, Node, NodeKind};
pub use self::plan::Plan;
pub use self::run::Workflow;
pub use self::signals::Signals;
pub use self::undo::Unfinished;
#[cfg(feature = "macros")]
pub use enact_workflow_macros::workflow;
