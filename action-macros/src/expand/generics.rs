//! Generics of the item, each type parameter bound to be a param.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics};

use crate::model::Item;

/// The item's generics for an impl, with `T: Param` for each type parameter.
pub(super) fn bounded(item: &Item) -> (TokenStream, TokenStream, TokenStream) {
    print(&with_bounds(item))
}

/// The same, with a lifetime in front for `Deserialize`.
pub(super) fn bounded_with_lifetime(item: &Item) -> (TokenStream, TokenStream, TokenStream) {
    let mut generics = with_bounds(item);
    let (_, ty, _) = print(&generics);
    generics.params.insert(0, syn::parse_quote!('de));
    let (impl_generics, _, where_clause) = print(&generics);
    (impl_generics, ty, where_clause)
}

fn print(generics: &Generics) -> (TokenStream, TokenStream, TokenStream) {
    let (impl_generics, ty, where_clause) = generics.split_for_impl();
    (impl_generics.to_token_stream(), ty.to_token_stream(), where_clause.to_token_stream())
}

/// The item's generics with `T: Param` for each type parameter.
pub(super) fn with_bounds(item: &Item) -> Generics {
    let mut generics = item.generics.clone();
    let names: Vec<_> = generics.type_params().map(|param| param.ident.clone()).collect();
    let clause = generics.make_where_clause();
    for name in names {
        clause.predicates.push(syn::parse_quote!(#name: __enact::Param));
    }
    if clause.predicates.is_empty() {
        generics.where_clause = None;
    }
    generics
}

/// The generics as type arguments, `<T, N>`.
pub(super) fn arguments(item: &Item) -> TokenStream {
    let names = item.generics.params.iter().map(|param| match param {
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
    });
    if item.generics.params.is_empty() { TokenStream::new() } else { quote! { <#(#names),*> } }
}
