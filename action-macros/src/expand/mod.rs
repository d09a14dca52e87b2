//! Prints what the model says; nothing here can fail.

mod checks;
mod fallback;
mod generics;
mod mirror;
mod new;
mod rules;
mod spec;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::fallback::fallback;
use crate::model::{Item, Role};

/// Everything the derive gives an item.
pub(crate) fn item(item: &Item) -> TokenStream {
    let root = &item.root;
    let statics = rules::statics(item);
    let mirror = mirror::mirror(item);
    let serde = mirror::delegates(item);
    let params = params(item);
    let spec = (item.role == Role::Action).then(|| spec::action(item));
    let new = new::constructor(item);
    quote! {
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, dead_code, unused_qualifications, non_snake_case)]
        const _: () = {
            use #root::__private as __enact;
            #statics
            #mirror
            #serde
            #params
            #spec
        };
        #new
    }
}

fn params(item: &Item) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty_generics, where_clause) = generics::bounded(item);
    let body = checks::body(item);
    let reader = if item.generics.params.is_empty() {
        quote! {
            static READER: __enact::std::sync::OnceLock<__enact::Reader> =
                __enact::std::sync::OnceLock::new();
            READER.get_or_init(__enact::Reader::of::<Self>)
        }
    } else {
        quote! { __enact::Reader::shared::<Self>() }
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics __enact::Param for #ident #ty_generics #where_clause {
            fn check(&self, __report: &mut __enact::Report<'_>) {
                #body
            }
        }

        #[automatically_derived]
        impl #impl_generics __enact::Params for #ident #ty_generics #where_clause {
            fn reader() -> &'static __enact::Reader {
                #reader
            }
        }
    }
}
