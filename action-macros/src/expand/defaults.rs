//! Each default as a function, which serde and `new` both call: so rustc checks it once.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Ident, Lit};

use super::generics::arguments;
use super::rules::position;
use crate::model::{Field, FieldDefault, Item};

/// The name of the function.
fn name(item: &Item, field: &Field) -> Ident {
    format_ident!("__default_{}", position(item, field))
}

/// The path to the function, with its generics, which nothing says where schemars calls it.
pub(super) fn path(item: &Item, field: &Field) -> TokenStream {
    let name = name(item, field);
    let arguments = uses_generics(item, field)
        .then(|| arguments(item))
        .map(|it| quote! { ::#it });
    quote! { #name #arguments }
}

/// Whether the field has such a function; one that serde sees to itself has none.
pub(super) fn has(field: &Field) -> bool {
    match field.default {
        Some(FieldDefault::Trait(_) | FieldDefault::Is(_)) => true,
        Some(FieldDefault::Serde) => false,
        None => field.is_skipped(),
    }
}

pub(super) fn functions(item: &Item) -> TokenStream {
    item.fields()
        .filter(|field| has(field))
        .map(|field| function(item, field))
        .collect()
}

fn function(item: &Item, field: &Field) -> TokenStream {
    let (name, ty) = (name(item, field), &field.ty);
    let value = match &field.default {
        Some(FieldDefault::Is(expr)) => given(expr),
        Some(FieldDefault::Trait(span)) => {
            quote_spanned! { *span=> __enact::std::default::Default::default() }
        }
        Some(FieldDefault::Serde) | None => {
            quote_spanned! { ty.span()=> __enact::std::default::Default::default() }
        }
    };
    if uses_generics(item, field) {
        let (generics, _, clause) = item.generics.split_for_impl();
        quote! { fn #name #generics() -> #ty #clause { #value } }
    } else {
        quote! { fn #name() -> #ty { #value } }
    }
}

/// The value a default stands for: text in quotes may stand for any type of text.
fn given(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(_), ..
        }) => {
            quote_spanned! { expr.span()=> __enact::FromText::from_text(#expr) }
        }
        expr => quote! { #expr },
    }
}

/// Whether the type names one of the item's generics.
fn uses_generics(item: &Item, field: &Field) -> bool {
    if item.generics.params.is_empty() {
        return false;
    }
    let ty = field.ty.to_token_stream().to_string();
    let names: Vec<&str> = ty
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let types = item.generics.type_params().map(|param| &param.ident);
    let consts = item.generics.const_params().map(|param| &param.ident);
    types
        .chain(consts)
        .any(|param| names.contains(&param.to_string().as_str()))
}
