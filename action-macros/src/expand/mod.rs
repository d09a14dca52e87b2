//! Prints what the model says; nothing here can fail.

mod checks;
mod defaults;
mod delegates;
mod fallback;
mod generics;
mod limits;
mod mirror;
mod new;
mod rules;
mod spec;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::fallback::fallback;
use self::new::Body;
use crate::model::{Item, Role};

/// Everything the derive gives an item.
pub(crate) fn item(item: &Item) -> TokenStream {
    let statics = rules::statics(item);
    let defaults = defaults::functions(item);
    let mirror = mirror::mirror(item);
    let serde = delegates::delegates(item);
    let params = params(item);
    let spec = (item.role == Role::Action).then(|| spec::action(item));
    let new = new::constructor(item, Body::Real);
    hidden(
        item,
        &quote! { #statics #defaults #mirror #serde #params #spec #new },
    )
}

/// Puts what is generated where nobody can name it, with one name of its own for every path.
fn hidden(item: &Item, tokens: &TokenStream) -> TokenStream {
    let root = &item.root;
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
            non_upper_case_globals,
            unused_imports,
            unused_qualifications,
            unused_variables,
            reason = "generated code"
        )]
        const _: () = {
            use #root::__private::{self as __enact, Otherwise as _};
            #tokens
        };
    }
}

fn params(item: &Item) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty_generics, where_clause) = generics::bounded(item);
    let check = checks::method(item);
    let reader = if item.generics.params.is_empty() {
        quote! {
            static __READER: __enact::LazyReader = __enact::LazyReader::new();
            __READER.get(
                <Self as __enact::schemars::JsonSchema>::schema_name,
                <Self as __enact::schemars::JsonSchema>::json_schema,
            )
        }
    } else {
        quote! { __enact::Reader::shared::<Self>() }
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics __enact::Param for #ident #ty_generics #where_clause {
            #check
        }

        #[automatically_derived]
        impl #impl_generics __enact::Params for #ident #ty_generics #where_clause {
            fn reader() -> &'static __enact::Reader {
                #reader
            }
        }
    }
}
