//! Every workflow of a program: found by the linker.

pub use enact_action_core::__private::nearest;

use crate::Graph;

/// What the linker gathers: the graph of a workflow.
#[doc(hidden)]
#[derive(Debug)]
pub struct Submitted(pub &'static Graph);

inventory::collect!(Submitted);

/// The workflows of the program, in the order of their names.
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
    let mut graphs: Vec<&'static Graph> = inventory::iter::<Submitted>()
        .map(|submitted| submitted.0)
        .collect();
    graphs.sort_by_key(|graph| (&graph.name, graph.version));
    graphs.into_iter()
}
