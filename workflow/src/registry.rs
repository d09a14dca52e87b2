//! Every workflow of a program: found by the linker.

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

/// The known name nearest to `name`, where one is near enough to have been meant.
///
/// ```
/// use enact_workflow::registry::nearest;
///
/// let known = ["order_fulfilment", "refund"];
/// assert_eq!(nearest("refnud", known), Some("refund"));
/// assert_eq!(nearest("ship", known), None);
/// ```
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let folded = name.to_lowercase();
    let distance = |known: &'k str| {
        let length = known.chars().count();
        // As with the names of actions.
        let most = (1 + length / 4).min(length.saturating_sub(1));
        let is_close = length.abs_diff(name.chars().count()) <= most;
        let distance = is_close.then(|| strsim::osa_distance(&folded, &known.to_lowercase()))?;
        (distance <= most).then_some((distance, known))
    };
    let near = known.into_iter().filter_map(distance);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
