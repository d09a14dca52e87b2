//! Prints what the model says; nothing here can fail.

mod several;
mod spec;

#[cfg(test)]
mod tests;

use enact_macro_support::docs::Description;
use enact_macro_support::keys::{Key, Value};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, Path};

use crate::model::{Item, Keys, Shape};

/// The item, and everything the attribute gives it.
pub(crate) fn item(item: &Item) -> TokenStream {
    let input = &item.input;
    match &item.shape {
        Shape::Union => TokenStream::new(),
        Shape::One => {
            let derives = derives(&item.root, &item.keys);
            let signal = signal(&input.ident, &item.keys, item.description.as_ref(), &[]);
            let hidden = hidden(&item.root, &signal);
            quote! { #derives #input #hidden }
        }
        Shape::Several(variants) => {
            let clone = clone(&item.root);
            let payload = several::payload(item, variants);
            let hidden = hidden(&item.root, &payload);
            quote! { #clone #input #hidden }
        }
    }
}

/// What stands in for an item that has mistakes, so that nothing else fails because of them.
pub(crate) fn fallback(item: &Item) -> TokenStream {
    let (input, ident) = (&item.input, &item.input.ident);
    let never = quote! { __signal::std::unreachable!() };
    let is_generic = !input.generics.params.is_empty();
    if let Shape::Several(_) = item.shape {
        let clone = clone(&item.root);
        if is_generic {
            return quote! { #clone #input };
        }
        let payload = quote! {
            impl __signal::Payload for #ident {
                const SPECS: &'static [__signal::Spec] = &[];

                fn enclose(self) -> __signal::std::result::Result<
                    __signal::Enclosed, __signal::Violations,
                > { #never }

                fn open(envelope: &__signal::Envelope) -> __signal::std::result::Result<
                    Self, __signal::SignalError,
                > { #never }
            }
        };
        let hidden = hidden(&item.root, &payload);
        return quote! { #clone #input #hidden };
    }
    let derives = derives(&item.root, &item.keys);
    let signal = (!is_generic).then(|| {
        hidden(
            &item.root,
            &quote! {
                impl __signal::Signal for #ident {
                    const TYPE: &'static str = "a";
                }
            },
        )
    });
    quote! { #derives #input #signal }
}

/// The derives that make an item params, in front of it.
fn derives(root: &Path, keys: &Keys) -> TokenStream {
    let params = keys.params.iter().map(param);
    let clone = clone(root);
    quote! {
        #clone
        #[derive(#root::signal::__private::Params)]
        #[params(crate = #root::signal::__private::core, terse #(, #params)*)]
    }
}

/// The key as that of params, whose macro tells what is wrong with it.
fn param(key: &Key) -> TokenStream {
    let name = &key.name;
    match &key.value {
        Value::Flag | Value::Broken => quote! { #name },
        Value::Is(expr) => quote! { #name = #expr },
        Value::List(list) => quote! { #name(#list) },
    }
}

fn clone(root: &Path) -> TokenStream {
    quote! { #[derive(#root::signal::__private::std::clone::Clone)] }
}

/// Puts what is generated where nobody can name it, with one name of its own for every path.
fn hidden(root: &Path, tokens: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction,
            dead_code,
            deprecated,
            non_camel_case_types,
            non_snake_case,
            unused_imports,
            unused_qualifications,
            reason = "generated code"
        )]
        const _: () = {
            use #root::signal::__private as __signal;
            #tokens
        };
    }
}

/// What makes params a signal: its spec, its checks, its place in the registry; all of it behind the
/// `cfg`s that the params are behind.
fn signal(
    ident: &Ident,
    keys: &Keys,
    description: Option<&Description>,
    gate: &[Attribute],
) -> TokenStream {
    let ty = &keys.ty;
    let spec = spec::spec(ident, keys, description);
    quote! {
        #(#gate)*
        #[automatically_derived]
        impl __signal::Signal for #ident {
            const TYPE: &'static str = #ty;

            const SPEC: __signal::Spec = #spec;

            fn judge(&self) -> __signal::std::result::Result<(), __signal::Violations> {
                __signal::Params::validate(self)
            }

            fn of_data(
                data: __signal::serde_json::Value,
            ) -> __signal::std::result::Result<Self, __signal::Violations> {
                __signal::Params::read(data)
            }
        }

        #(#gate)*
        const _: () = {
            static __ENTRY: __signal::Entry = __signal::Entry::of::<#ident>();
            __signal::inventory::submit! { __signal::Submitted(&__ENTRY) }
        };
    }
}
