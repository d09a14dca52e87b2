//! `new(required…)`: a constructor that asks for what has no default and fills the rest.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit};

use crate::model::{Field, FieldDefault, Item, Shape, last_segment};

pub(super) fn constructor(item: &Item) -> TokenStream {
    let Shape::Record(fields) = &item.shape else { return TokenStream::new() };
    // serde's own default may be any function, or that of the whole item.
    let unknown = item.serde.default || fields.iter().any(|field| field.serde_default && field.default.is_none());
    if item.no_new || unknown && fields.iter().any(|field| field.skipped) {
        return TokenStream::new();
    }
    let (ident, vis) = (&item.ident, &item.vis);
    let (impl_generics, ty, clause) = item.generics.split_for_impl();
    let (required, filled): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| !is_filled(field));
    let arguments = required.iter().map(|field| argument(field));
    let given = required.iter().map(|field| {
        let name = &field.ident;
        if takes_into(field) { quote! { #name: ::core::convert::Into::into(#name) } } else { quote! { #name } }
    });
    let defaults = filled.iter().map(|field| {
        let (name, value) = (&field.ident, default(field));
        quote! { #name: #value }
    });
    let doc = format!("Makes a [`{ident}`] of what it needs; the rest has its default.");
    quote! {
        #[automatically_derived]
        #[allow(clippy::too_many_arguments, clippy::new_without_default, dead_code)]
        impl #impl_generics #ident #ty #clause {
            #[doc = #doc]
            #[must_use]
            #vis fn new(#(#arguments),*) -> Self {
                Self { #(#given,)* #(#defaults,)* }
            }
        }
    }
}

fn is_filled(field: &Field) -> bool {
    field.default.is_some() || field.skipped || field.is_option()
}

fn argument(field: &Field) -> TokenStream {
    let (name, ty) = (&field.ident, &field.ty);
    if takes_into(field) {
        quote! { #name: impl ::core::convert::Into<#ty> }
    } else {
        quote! { #name: #ty }
    }
}

/// Text is taken in any form that turns into it; what else converts is better said by the caller.
fn takes_into(field: &Field) -> bool {
    last_segment(&field.ty).is_some_and(|name| name == "String")
}

fn default(field: &Field) -> TokenStream {
    match &field.default {
        Some(FieldDefault::Is(expr)) => value(expr),
        Some(FieldDefault::Trait) | None => quote! { ::core::default::Default::default() },
    }
}

/// The value a default stands for: text in quotes may stand for any type of text.
pub(super) fn value(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => quote! { ::core::convert::From::from(#expr) },
        expr => quote! { #expr },
    }
}
