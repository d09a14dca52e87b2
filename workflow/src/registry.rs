//! Every workflow of a program: found by the linker.

pub use enact_action_core::__private::nearest;

use crate::Graph;

/// What the linker gathers: the graph of a workflow.
#[doc(hidden)]
#[derive(Debug)]
pub struct Submitted(pub &'static Graph);

inventory::collect!(Submitted);

/// The workflows of the program, in the order of their names; of each the newest version.
///
/// Whatever `workflow!` defines in any crate that is linked in is here, without a list to keep.
///
/// ```
/// use enact_workflow::registry::workflows;
///
/// for graph in workflows() {
///     println!("{} {}", graph.name, graph.version);
/// }
/// # assert_eq!(workflows().count(), 0);
/// ```
pub fn workflows() -> impl Iterator<Item = &'static Graph> {
    let mut newest: Vec<&'static Graph> = Vec::new();
    for graph in versions() {
        // The older ones of a name come before it.
        newest.pop_if(|last| last.name == graph.name);
        newest.push(graph);
    }
    newest.into_iter()
}

/// Every version of every workflow of the program, in the order of their names, the oldest first.
///
/// What was begun under an older version goes on under it, so what is to hold of all that may run
/// is to hold of each of these.
pub fn versions() -> impl Iterator<Item = &'static Graph> {
    let mut graphs: Vec<&'static Graph> = submitted().collect();
    graphs.sort_by_key(|graph| (&graph.name, graph.version));
    graphs.into_iter()
}

/// That version of a workflow, be it the newest or an older one.
///
/// What runs it is [`Registry::version`](enact_action_core::Registry::version).
///
/// ```
/// use enact_workflow::registry::version;
///
/// // This program has no workflows.
/// assert!(version("order_fulfilment", 1).is_none());
/// ```
pub fn version(name: &str, version: u32) -> Option<&'static Graph> {
    submitted().find(|graph| graph.name == name && graph.version == version)
}

fn submitted() -> impl Iterator<Item = &'static Graph> {
    inventory::iter::<Submitted>().map(|submitted| submitted.0)
}
