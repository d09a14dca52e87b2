//! What a signal says of itself, as a constant expression.

use enact_macro_support::docs::Description;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Keys, Value};

pub(super) fn spec(ident: &Ident, keys: &Keys, description: Option<&Description>) -> TokenStream {
    let mut set = TokenStream::new();
    let some = quote! { __signal::std::option::Option::Some };
    if let Some(version) = keys.version {
        set.extend(quote! { spec.version = #some(#version); });
    }
    if let Some(uri) = dataschema(keys) {
        set.extend(quote! { spec.dataschema = #some(#uri); });
    }
    let std = quote! { __signal::std };
    if let Some(description) = description.map(|words| words.expr(&std)) {
        set.extend(quote! { spec.description = #description; });
    }
    if !keys.extensions.is_empty() {
        let extensions = keys.extensions.iter().map(|extension| {
            let name = extension.name.name.to_string();
            let value = match &extension.value {
                Value::Boolean(value) => quote! { Boolean(#value) },
                Value::Integer(value) => quote! { Integer(#value) },
                Value::String(text) => quote! { String(#text) },
                Value::Broken => quote! { Boolean(false) },
            };
            quote! { (#name, __signal::Constant::#value) }
        });
        set.extend(quote! { spec.extensions = &[#(#extensions),*]; });
    }
    let source = match &keys.source {
        Some(source) => quote! { #source },
        None => quote! {
            __signal::std::concat!("/", __signal::std::env!("CARGO_PKG_NAME"))
        },
    };
    let ty = &keys.ty;
    let line = quote_spanned! { ident.span()=> __signal::std::line!() };
    quote! {
        {
            let mut spec = __signal::Spec::new(#ty).source(#source);
            #set
            spec.schema = #some(<#ident as __signal::Params>::schema);
            spec.place = #some(__signal::SourcePlace {
                file: __signal::std::file!(),
                line: #line,
            });
            spec
        }
    }
}

/// The URI of the schema: its own, or one that is made of the version.
fn dataschema(keys: &Keys) -> Option<String> {
    if let Some(uri) = &keys.dataschema {
        return Some(uri.value());
    }
    let (ty, version) = (keys.ty.as_ref()?.value(), keys.version?);
    Some(format!("urn:enact:signal:{ty}:{version}"))
}
