//! What the registry and models know a workflow by.

use enact_macro_support::Diag;
use enact_macro_support::name::{refusal, words};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;

use crate::model::Workflow;

pub(super) fn check(workflow: &Workflow, diag: &mut Diag) {
    let ident = &workflow.ident;
    if workflow.description.is_none() {
        diag.note(
            ident,
            format!(
                "`{ident}` has no description, and models choose by it: write a doc comment, \
                 `/// …`, above it"
            ),
        );
    }
    let (name, tokens) = match &workflow.keys.name {
        Some((name, tokens)) => (name.clone(), tokens.clone()),
        None => (words(&ident.unraw().to_string()), ident.to_token_stream()),
    };
    if let Some(refusal) = refusal(&name) {
        diag.note(tokens, refusal);
    }
}
