//! Paths, by which a journal knows the nodes.

use std::collections::BTreeSet;

use enact_macro_support::Diag;

use crate::model::Workflow;
use crate::nodes::nodes;

/// Notes nodes that share a path, but those whose names have been told of.
pub(super) fn check(workflow: &Workflow, told: &BTreeSet<usize>, diag: &mut Diag) {
    let mut seen = BTreeSet::new();
    for (node, info) in nodes(workflow).into_iter().enumerate() {
        if !seen.insert(info.path.clone()) && !told.contains(&node) {
            diag.add(syn::Error::new(
                info.span,
                format!(
                    "another statement is `{}` in the graph already, and a journal knows each \
                     by that: give this one a name of its own",
                    info.path
                ),
            ));
        }
    }
}
