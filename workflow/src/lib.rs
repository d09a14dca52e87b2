//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.

pub mod graph;
#[cfg(feature = "testing")]
mod lock;
pub mod registry;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::graph::{Graph, Node, NodeKind};
