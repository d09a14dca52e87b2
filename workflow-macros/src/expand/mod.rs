//! Prints what the model says; nothing here can fail.

mod action;
mod body;
mod branch;
mod checks;
mod env;
mod fan_out;
mod given;
mod graph;
mod item;
mod parallel;
mod small;
mod uses;

#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use crate::model::Workflow;
use crate::walk::steps;

/// Everything a workflow is.
pub(crate) fn workflow(workflow: &Workflow) -> TokenStream {
    let item = item::item(workflow);
    let types = types(workflow);
    let action = action::action(workflow);
    let graph = graph::graph(workflow);
    let body = body::body(workflow);
    let checks = checks::checks(workflow);
    let hidden = hidden(workflow, &quote! { #types #action #graph #body #checks });
    quote! { #item #hidden }
}

/// What keeps uses of a faulty workflow quiet: its struct, as a workflow that never runs.
pub(crate) fn fallback(workflow: &Workflow) -> TokenStream {
    let item = item::item(workflow);
    let (action, body) = (action::fallback(workflow), body::fallback(workflow));
    let hidden = hidden(workflow, &quote! { #action #body });
    quote! { #item #hidden }
}

/// Puts what is generated where nobody can name it, with two names of its own for every path.
fn hidden(workflow: &Workflow, tokens: &TokenStream) -> TokenStream {
    let root = &workflow.keys.root;
    quote! {
        #[doc(hidden)]
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction,
            non_camel_case_types,
            noop_method_call,
            unused_imports,
            unused_parens,
            unused_qualifications,
            reason = "generated code"
        )]
        const _: () = {
            use #root::workflow::__private::{self as __w, Otherwise as _};
            use __w::core::__private as __enact;
            use __w::std::{borrow::ToOwned as _, clone::Clone as _};
            #tokens
        };
    }
}

/// Each action's and signal's type under a name of its own, so that a type which is not there is
/// told of once.
fn types(workflow: &Workflow) -> TokenStream {
    let steps = steps(&workflow.body);
    let actions = steps.iter().map(|step| {
        let (alias, ty) = (given::alias(step.node, &step.action), &step.action);
        let ident = &workflow.ident;
        match ty {
            // There is no `Self` outside of an impl.
            Type::Path(path) if path.path.is_ident("Self") => quote! { type #alias = #ident; },
            _ => quote! { type #alias = #ty; },
        }
    });
    let signals = crate::walk::signals(&workflow.body);
    let signals = signals.into_iter().map(|(node, ty)| {
        let alias = given::alias(node, ty);
        quote! { type #alias = #ty; }
    });
    quote! { #(#actions)* #(#signals)* }
}

/// A local of the generated code, which the user's code can't see.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn numbered(name: &str, index: usize) -> Ident {
    format_ident!("{name}{index}", span = Span::mixed_site())
}

fn scope() -> Ident {
    local("__scope")
}
