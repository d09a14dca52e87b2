//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.

pub mod graph;
pub mod plan;

pub use self::graph::{Graph, Node, NodeKind};
pub use self::plan::Plan;
