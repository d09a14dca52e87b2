//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.

pub mod event;
pub mod graph;
pub mod run;
pub mod signals;
mod undo;

pub use self::event::{Event, Events, Running, Start, What, listen};
pub use self::graph::{Graph, Node, NodeKind};
pub use self::run::Workflow;
pub use self::signals::Signals;
pub use self::undo::Unfinished;
