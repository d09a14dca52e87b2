//! Generics of the item, each type parameter bound to be a param.
//!
//! The mirror is bound by its fields' types too, so that a field whose type is no param has one
//! error and not one for each time that serde and schemars need it. A bound with a lifetime of its
//! own is believed inside the impl and asked for only where that is used, which is nowhere: there
//! `Otherwise` steps in.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, GenericParam, Generics, PathArguments, Type, WherePredicate, parse_quote,
};

use crate::model::{Field, Item, Reading, last_segment};

/// The item's generics for an impl, with `T: Param` for each type parameter.
pub(super) fn bounded(item: &Item) -> (TokenStream, TokenStream, TokenStream) {
    print(&with_bounds(item))
}

/// The same, with a lifetime in front for `Deserialize`.
pub(super) fn bounded_with_lifetime(item: &Item) -> (TokenStream, TokenStream, TokenStream) {
    let mut generics = with_bounds(item);
    let (_, ty, _) = print(&generics);
    generics.params.insert(0, parse_quote! { 'de });
    let (impl_generics, _, where_clause) = print(&generics);
    (impl_generics, ty, where_clause)
}

fn print(generics: &Generics) -> (TokenStream, TokenStream, TokenStream) {
    let (impl_generics, ty, where_clause) = generics.split_for_impl();
    (
        impl_generics.to_token_stream(),
        ty.to_token_stream(),
        where_clause.to_token_stream(),
    )
}

/// The item's generics with `T: Param` for each type parameter.
pub(super) fn with_bounds(item: &Item) -> Generics {
    let mut generics = item.generics.clone();
    let lifetimes: Vec<_> = generics
        .lifetimes()
        .map(|param| param.lifetime.clone())
        .collect();
    let names: Vec<_> = generics
        .type_params()
        .map(|param| param.ident.clone())
        .collect();
    let clause = generics.make_where_clause();
    // Only an item with mistakes has lifetimes.
    for lifetime in lifetimes {
        clause.predicates.push(parse_quote! { #lifetime: 'static });
    }
    for name in names {
        clause
            .predicates
            .push(parse_quote! { #name: __enact::Param });
    }
    if clause.predicates.is_empty() {
        generics.where_clause = None;
    }
    generics
}

/// The generics of the mirror: bound by its fields' types too.
pub(super) fn mirrored(item: &Item) -> Generics {
    let mut generics = with_bounds(item);
    let bounds: Vec<WherePredicate> = item.typed_fields().filter_map(field_bound).collect();
    if !bounds.is_empty() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    generics
}

/// Whether a field bounds the mirror.
pub(super) fn is_bound(item: &Item) -> bool {
    item.typed_fields()
        .any(|field| field_bound(field).is_some())
}

fn field_bound(field: &Field) -> Option<WherePredicate> {
    let ty = &field.ty;
    if is_plain(ty) {
        return None;
    }
    Some(if field.reading == Reading::Opaque {
        parse_quote! {
            for<'__any> #ty: __enact::serde::Serialize
                + __enact::serde::de::DeserializeOwned
                + __enact::schemars::JsonSchema
        }
    } else {
        parse_quote! { for<'__any> #ty: __enact::Param }
    })
}

/// Whether the type is spelled as one that is surely a param: most are, and need no bound.
fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 15] = [
        "String", "bool", "char", "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64",
        "isize", "f32", "f64",
    ];
    const AROUND: [&str; 3] = ["Option", "Vec", "Box"];
    let Some(segment) = last_segment(ty) else {
        return false;
    };
    let is = |names: &[&str]| names.iter().any(|name| segment.ident == name);
    match &segment.arguments {
        PathArguments::None => is(&PLAIN),
        PathArguments::AngleBracketed(inside) if is(&AROUND) => inside
            .args
            .iter()
            .all(|it| matches!(it, GenericArgument::Type(ty) if is_plain(ty))),
        PathArguments::AngleBracketed(_) | PathArguments::Parenthesized(_) => false,
    }
}

/// The generics as type arguments, `<T, N>`.
pub(super) fn arguments(item: &Item) -> TokenStream {
    let names = item.generics.params.iter().map(|param| match param {
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
    });
    if item.generics.params.is_empty() {
        TokenStream::new()
    } else {
        quote! { <#(#names),*> }
    }
}
