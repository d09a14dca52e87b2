//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.

pub mod graph;

pub use self::graph::{Graph, Node, NodeKind};
