//! `new(required…)`: a constructor that asks for what has no default and fills the rest.

use proc_macro2::TokenStream;
use quote::quote;

use super::defaults;
use crate::model::{Field, FieldDefault, Item, Shape, last_segment};

/// Whether the constructor works, or stands in for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Real,
    Never,
}

pub(super) fn constructor(item: &Item, body: Body) -> TokenStream {
    let Shape::Record(fields) = &item.shape else {
        return TokenStream::new();
    };
    if item.no_new || is_unknown(item, fields) {
        return TokenStream::new();
    }
    let (ident, vis) = (&item.ident, &item.vis);
    let (impl_generics, ty, clause) = item.generics.split_for_impl();
    let arguments = fields
        .iter()
        .filter(|field| !is_filled(field))
        .map(argument);
    let body = match body {
        Body::Real => {
            let values = fields.iter().map(|field| value(item, field));
            quote! { Self { #(#values),* } }
        }
        Body::Never => quote! { __enact::std::unreachable!() },
    };
    let doc = format!("Makes a [`{ident}`] of what it needs; the rest has its default.");
    quote! {
        #[automatically_derived]
        impl #impl_generics #ident #ty #clause {
            #[doc = #doc]
            #[must_use]
            #vis fn new(#(#arguments),*) -> Self {
                #body
            }
        }
    }
}

/// serde's own default may be any function, or that of the whole item.
fn is_unknown(item: &Item, fields: &[Field]) -> bool {
    let unknown = item.serde.default.is_some()
        || fields
            .iter()
            .any(|field| matches!(field.default, Some(FieldDefault::Serde)));
    unknown && fields.iter().any(Field::is_skipped)
}

fn is_filled(field: &Field) -> bool {
    defaults::has(field) || field.is_skipped() || field.is_option()
}

fn argument(field: &Field) -> TokenStream {
    let (name, ty) = (&field.ident, &field.ty);
    if takes_into(field) {
        quote! { #name: impl __enact::std::convert::Into<#ty> }
    } else {
        quote! { #name: #ty }
    }
}

fn value(item: &Item, field: &Field) -> TokenStream {
    let name = &field.ident;
    if defaults::has(field) {
        let default = defaults::path(item, field);
        quote! { #name: #default() }
    } else if is_filled(field) {
        quote! { #name: __enact::std::default::Default::default() }
    } else if takes_into(field) {
        quote! { #name: __enact::std::convert::Into::into(#name) }
    } else {
        quote! { #name }
    }
}

/// Text is taken in any form that turns into it; what else converts is better said by the caller.
fn takes_into(field: &Field) -> bool {
    last_segment(&field.ty).is_some_and(|segment| segment.ident == "String")
}
