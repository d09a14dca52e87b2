//! The macro `workflow!`. It is documented where `enact` re-exports it.
//!
//! Four steps, four rooms: `parse` reads tokens into the `model`, `check` compares what
//! stands apart, `expand` prints and can't fail.

mod check;
mod expand;
#[expect(dead_code, reason = "expand reads it")]
mod model;
mod names;
mod nodes;
mod parse;
mod walk;

#[cfg(test)]
mod tests;

use enact_macro_support::Diag;
use proc_macro::TokenStream;

/// Makes a workflow: an action whose steps are actions, with its graph known before it runs.
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    run(input.into()).into()
}

fn run(tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mut diag = Diag::new();
    let Some(mut workflow) = parse::workflow(tokens, &mut diag) else {
        return diag.into_tokens();
    };
    nodes::number(&mut workflow);
    check::workflow(&workflow, &mut diag);
    let clean = diag.is_clean();
    let mut tokens = diag.into_tokens();
    tokens.extend(if clean {
        expand::workflow(&workflow)
    } else {
        expand::fallback(&workflow)
    });
    tokens
}
