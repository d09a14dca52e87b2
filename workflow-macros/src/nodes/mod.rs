//! The nodes of a workflow's graph: their numbers, paths, what they read, digests of their code.
//!
//! Nodes stand in the order of the text, each before those inside of it. A path is made of the
//! names around a node: a step has its own name, else its action's; a branch, an arm and a repeat
//! add theirs. `[]` stands where a run writes an index.

mod digest;
mod number;
mod reads;
mod rest;

#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span};
use syn::Type;
use syn::ext::IdentExt as _;

use enact_macro_support::name::words;

pub(crate) use self::number::number;
pub(crate) use self::rest::rest;
use crate::model::Workflow;

/// What the graph says of a node, beside what its statement says.
#[derive(Debug)]
pub(crate) struct NodeInfo {
    /// Unique, unless two statements make the same, which `check` refuses.
    pub(crate) path: String,
    /// The node around it, and the arm there.
    pub(crate) parent: Option<(u32, u32)>,
    /// The nodes whose outcomes its own expressions read, sorted.
    pub(crate) reads: Vec<u32>,
    /// A digest of its own expressions.
    pub(crate) code: u64,
    /// Its keyword.
    pub(crate) span: Span,
}

/// The nodes of a numbered workflow, in order.
pub(crate) fn nodes(workflow: &Workflow) -> Vec<NodeInfo> {
    reads::Walk::new().of(workflow)
}

/// What a statement without a name is called: its type's name in snake case.
pub(crate) fn called(name: Option<&Ident>, ty: &Type) -> String {
    if let Some(name) = name {
        return name.unraw().to_string();
    }
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map_or_else(String::new, |last| words(&last.ident.unraw().to_string())),
        _ => String::new(),
    }
}
