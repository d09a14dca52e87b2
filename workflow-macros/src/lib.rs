//! The macro `workflow!`. It is documented where `enact` re-exports it.
//!
//! Four steps, four rooms: `parse` reads tokens into the `model`, `check` compares what
//! stands apart, `expand` prints and can't fail.

mod check;
mod expand;
mod model;
mod names;
mod nodes;
mod parse;
mod walk;

#[cfg(test)]
mod tests;

use enact_macro_support::Diag;
use proc_macro::TokenStream;

use self::model::Workflow;

/// Makes a workflow: an action whose steps are actions, checked while it compiles.
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    run(input.into()).into()
}

fn run(tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let (workflow, diag) = judged(tokens);
    let clean = diag.is_clean();
    let mut tokens = diag.into_tokens();
    tokens.extend(match &workflow {
        Some(workflow) if clean => expand::workflow(workflow),
        Some(workflow) => expand::fallback(workflow),
        None => proc_macro2::TokenStream::new(),
    });
    tokens
}

/// What was written, as far as it could be read, and what is wrong with it.
fn judged(tokens: proc_macro2::TokenStream) -> (Option<Workflow>, Diag) {
    let mut diag = Diag::new();
    let mut workflow = parse::workflow(tokens, &mut diag);
    if let Some(workflow) = &mut workflow {
        nodes::number(workflow);
        check::workflow(workflow, &mut diag);
    }
    (workflow, diag)
}
