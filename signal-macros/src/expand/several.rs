//! An enum of signals: each variant that says a type stands for a struct of its own, which nobody
//! can name, and is made of it and into it.

use enact_macro_support::keys::Value;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Field, Fields, Ident};

use super::{derives, signal};
use crate::model::{Item, Kind, Variant};
use crate::parse::attrs::gate;

pub(super) fn payload(item: &Item, variants: &[Variant]) -> TokenStream {
    let ident = &item.input.ident;
    let structs = variants.iter().map(|variant| stand_in(item, variant));
    let all = variants.iter().map(|variant| named(item, variant));
    let apart = variants.iter().map(apart);
    let seals = variants.iter().map(|variant| seal(item, variant));
    let opens = variants.iter().map(|variant| open(item, variant));
    quote! {
        #(#structs)*

        const __ALL: &[__signal::Named] = &[#(#all),*];
        #(#apart)*

        #[automatically_derived]
        impl __signal::Payload for #ident {
            const SPECS: &'static [__signal::Spec] =
                &__signal::gathered::<{ __signal::count(__ALL) }>(__ALL);

            fn enclose(self) -> __signal::std::result::Result<
                __signal::Enclosed,
                __signal::Violations,
            > {
                match self { #(#seals)* }
            }

            fn open(envelope: &__signal::Envelope) -> __signal::std::result::Result<
                Self,
                __signal::SignalError,
            > {
                #(#opens)*
                __signal::std::result::Result::Err(__signal::mismatch(
                    envelope,
                    <Self as __signal::Payload>::SPECS,
                ))
            }
        }
    }
}

/// The name of a variant, and what it carries says of itself.
fn named(item: &Item, variant: &Variant) -> TokenStream {
    let (gate, payload) = (&variant.gate, carried(item, variant));
    let name = variant.ident.unraw().to_string();
    quote! { #(#gate)* (#name, #payload::SPECS) }
}

/// Asks that no variant in front of that one is read in its place.
fn apart(variant: &Variant) -> TokenStream {
    let gate = &variant.gate;
    let name = variant.ident.unraw().to_string();
    let asserted = quote_spanned! { variant.ident.span()=>
        __signal::std::assert!(
            __signal::apart(__ALL, #name),
            "another variant above is of this type too, and no version tells them apart: take one \
             of them out, or give one another type",
        )
    };
    quote! { #(#gate)* const _: () = #asserted; }
}

fn name(item: &Item, variant: &Variant) -> Ident {
    format_ident!("__{}{}", item.input.ident.unraw(), variant.ident.unraw())
}

/// What an envelope carries for a variant, as a payload. Where it is none, all that asks for it asks
/// on the same tokens, and rustc says so once.
fn carried(item: &Item, variant: &Variant) -> TokenStream {
    match &variant.kind {
        Kind::Held(ty) => quote_spanned! { ty.span()=> <#ty as __signal::Payload> },
        Kind::Own(_) | Kind::Faulty => {
            let name = name(item, variant);
            quote! { <#name as __signal::Payload> }
        }
    }
}

/// The struct that stands for a variant.
fn stand_in(item: &Item, variant: &Variant) -> TokenStream {
    let Kind::Own(keys) = &variant.kind else {
        return TokenStream::new();
    };
    let name = name(item, variant);
    let title = format!("{}{}", item.input.ident.unraw(), variant.ident.unraw());
    let derives = derives(&item.root, keys);
    let (gate, attrs, renamed) = (&variant.gate, &variant.attrs, &variant.renamed);
    let case = case(item, variant);
    let body = match &variant.fields {
        Fields::Named(fields) => quote! { #fields },
        Fields::Unnamed(fields) => quote! { #fields; },
        Fields::Unit => quote! { ; },
    };
    let signal = signal(&name, keys, variant.description.as_ref(), gate);
    let title = unless(renamed, &quote! { serde(rename = #title) });
    quote! {
        #(#gate)*
        #derives
        #[params(no_new)]
        #title
        #case
        #(#attrs)*
        struct #name #body

        #signal
    }
}

/// The case of the fields, where the enum says one and the variant none.
fn case(item: &Item, variant: &Variant) -> Option<TokenStream> {
    let (case, Fields::Named(_)) = (item.case.as_ref()?, &variant.fields) else {
        return None;
    };
    let said = match &case.value {
        Value::Is(expr) => quote! { serde(rename_all = #expr) },
        Value::List(list) => quote! { serde(rename_all(#list)) },
        Value::Flag | Value::Broken => quote! { serde(rename_all) },
    };
    Some(unless(&variant.cased, &said))
}

/// An attribute that holds where none of those conditions does.
fn unless(conditions: &[TokenStream], attr: &TokenStream) -> TokenStream {
    if conditions.is_empty() {
        return quote! { #[#attr] };
    }
    quote! { #[cfg_attr(not(any(#(#conditions),*)), #attr)] }
}

fn seal(item: &Item, variant: &Variant) -> TokenStream {
    let (ident, payload, gate) = (&variant.ident, carried(item, variant), &variant.gate);
    if let Kind::Held(ty) = &variant.kind {
        let enclose = quote_spanned! { ty.span()=> #payload::enclose };
        return quote! { #(#gate)* Self::#ident(__held) => #enclose(__held), };
    }
    let (name, body) = (name(item, variant), bindings(&variant.fields));
    quote! { #(#gate)* Self::#ident #body => #payload::enclose(#name #body), }
}

fn open(item: &Item, variant: &Variant) -> TokenStream {
    let (ident, payload, gate) = (&variant.ident, carried(item, variant), &variant.gate);
    let made = if let Kind::Held(_) = variant.kind {
        quote! { Self::#ident }
    } else {
        let (name, body) = (name(item, variant), bindings(&variant.fields));
        quote! { |#name #body| Self::#ident #body }
    };
    quote! {
        #(#gate)*
        if #payload::fits(envelope) {
            return #payload::open(envelope).map(#made);
        }
    }
}

/// The fields of a variant, as a pattern takes them apart and an expression puts them together.
fn bindings(fields: &Fields) -> TokenStream {
    let binding = |(index, field): (usize, &Field)| match &field.ident {
        Some(ident) => {
            let gate = gate(&field.attrs);
            quote! { #(#gate)* #ident }
        }
        None => format_ident!("__field_{index}").to_token_stream(),
    };
    let names = fields.iter().enumerate().map(binding);
    match fields {
        Fields::Named(_) => quote! { { #(#names),* } },
        Fields::Unnamed(_) => quote! { (#(#names),*) },
        Fields::Unit => TokenStream::new(),
    }
}
