//! What a step runs, and what it is given.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use super::env::Env;
use crate::model::{Field, Given};

/// The name under which the generated code knows the type of a node, on the type's own span.
pub(super) fn alias(node: usize, ty: &Type) -> Ident {
    let span = match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map_or_else(|| ty.span(), |last| last.ident.span()),
        _ => ty.span(),
    };
    format_ident!("__Type{node}", span = span)
}

/// The action that a step runs; one error stands on it where its type is none.
pub(super) fn action(alias: &Ident, given: &Given, env: &Env) -> TokenStream {
    let value = value(alias, given, env);
    quote_spanned! { alias.span()=> __w::Kept::itself(__w::AnAction::itself(#value)) }
}

/// The signal that is sent.
pub(super) fn signal(alias: &Ident, given: &Given, env: &Env) -> TokenStream {
    let value = value(alias, given, env);
    quote_spanned! { alias.span()=> __w::ASignal::itself(#value) }
}

/// The value of the node's type that is given.
fn value(alias: &Ident, given: &Given, env: &Env) -> TokenStream {
    let span = alias.span();
    match given {
        // An alias is a value only with braces.
        Given::Unit => quote_spanned! { span=> #alias {} },
        Given::Call(constructor, values) => {
            let values = values.iter().map(|value| env.value(value));
            quote_spanned! { span=> <#alias>::#constructor(#(#values),*) }
        }
        Given::Fields(fields, base) => {
            let fields = fields.iter().map(|field| one(field, env));
            let base = base.as_ref().map(|base| {
                let base = env.value(base);
                quote! { ..#base }
            });
            quote_spanned! { span=> #alias { #(#fields,)* #base } }
        }
    }
}

fn one(field: &Field, env: &Env) -> TokenStream {
    let member = &field.member;
    let value = env.value(&field.value);
    quote! { #member: #value }
}
