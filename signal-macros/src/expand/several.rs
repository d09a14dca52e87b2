//! An enum of signals: each variant that says a type stands for a struct of its own, which nobody
//! can name, and is made of it and into it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Field, Fields, Ident};

use super::{derives, signal};
use crate::model::{Item, Kind, Variant};

pub(super) fn payload(item: &Item, variants: &[Variant]) -> TokenStream {
    let ident = &item.input.ident;
    let structs = variants.iter().map(|variant| stand_in(item, variant));
    let payloads: Vec<TokenStream> = variants.iter().map(|it| carried(item, it)).collect();
    let seals = variants.iter().map(|variant| seal(item, variant));
    let opens = variants.iter().map(|variant| open(item, variant));
    quote! {
        #(#structs)*

        #[automatically_derived]
        impl __signal::Payload for #ident {
            const SPECS: &'static [__signal::Spec] = &__signal::gathered::<
                { 0 #(+ #payloads::SPECS.len())* },
            >(&[#(#payloads::SPECS),*]);

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
    let attrs = &variant.attrs;
    let body = match &variant.fields {
        Fields::Named(fields) => quote! { #fields },
        Fields::Unnamed(fields) => quote! { #fields; },
        Fields::Unit => quote! { ; },
    };
    let signal = signal(&name, keys, variant.description.as_ref());
    quote! {
        #derives
        #[params(no_new)]
        #[serde(rename = #title)]
        #(#attrs)*
        struct #name #body

        #signal
    }
}

fn seal(item: &Item, variant: &Variant) -> TokenStream {
    let (ident, payload) = (&variant.ident, carried(item, variant));
    if let Kind::Held(ty) = &variant.kind {
        let enclose = quote_spanned! { ty.span()=> #payload::enclose };
        return quote! { Self::#ident(__held) => #enclose(__held), };
    }
    let (name, body) = (name(item, variant), bindings(&variant.fields));
    quote! { Self::#ident #body => #payload::enclose(#name #body), }
}

fn open(item: &Item, variant: &Variant) -> TokenStream {
    let (ident, payload) = (&variant.ident, carried(item, variant));
    let made = if let Kind::Held(_) = variant.kind {
        quote! { Self::#ident }
    } else {
        let (name, body) = (name(item, variant), bindings(&variant.fields));
        quote! { |#name #body| Self::#ident #body }
    };
    quote! {
        if #payload::fits(envelope) {
            return #payload::open(envelope).map(#made);
        }
    }
}

/// The fields of a variant, as a pattern takes them apart and an expression puts them together.
fn bindings(fields: &Fields) -> TokenStream {
    let binding = |(index, field): (usize, &Field)| match &field.ident {
        Some(ident) => ident.clone(),
        None => format_ident!("__field_{index}"),
    };
    let names = fields.iter().enumerate().map(binding);
    match fields {
        Fields::Named(_) => quote! { { #(#names),* } },
        Fields::Unnamed(_) => quote! { (#(#names),*) },
        Fields::Unit => TokenStream::new(),
    }
}
