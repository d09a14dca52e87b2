//! The workflows of a program.

use crate::graph::Graph;

/// What the linker gathers.
#[derive(Debug)]
pub struct Submitted(pub &'static Graph);

inventory::collect!(Submitted);
