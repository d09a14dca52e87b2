//! The struct of a workflow: its params.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Param, Workflow};

/// The struct, as params that any action has.
pub(super) fn item(workflow: &Workflow) -> TokenStream {
    let Workflow {
        attrs, vis, ident, ..
    } = workflow;
    let root = &workflow.keys.root;
    let fields = workflow.params.iter().map(|param| field(workflow, param));
    quote! {
        #(#attrs)*
        #[derive(#root::workflow::__private::Params)]
        #[params(crate = #root::workflow::__private::core)]
        #vis struct #ident {
            #(#fields,)*
        }
    }
}

fn field(workflow: &Workflow, param: &Param) -> TokenStream {
    let (
        vis,
        Param {
            attrs, ident, ty, ..
        },
    ) = (&workflow.vis, param);
    // A param says by its name and its type what it is, where no words are given.
    let words = (!param.described).then(|| {
        let words = format!(
            " The {} of the workflow.",
            ident.to_string().replace('_', " ")
        );
        quote! { #[doc = #words] }
    });
    quote! { #words #(#attrs)* #vis #ident: #ty }
}
