//! The item's own impls of serde's and schemars' traits, which hand over to the mirror.

use proc_macro2::TokenStream;
use quote::quote;

use super::generics::{arguments, bounded, bounded_with_lifetime, is_bound, mirrored};
use super::mirror;
use crate::model::Item;

pub(super) fn delegates(item: &Item) -> TokenStream {
    let (mirror, args) = (mirror::name(item), arguments(item));
    // Where fields bound the mirror, it can't be named outside: it is reached through a trait that
    // has the same bounds, past which `Of` steps where they don't hold.
    let (reach, by_serde, by_schemars) = if is_bound(item) {
        let of = quote! { __enact::Of::<Self> };
        (reach(item), of.clone(), of)
    } else {
        let by_schemars = quote! { <#mirror #args as __enact::schemars::JsonSchema> };
        (TokenStream::new(), quote! { <#mirror #args> }, by_schemars)
    };
    let serde = serde(item, &by_serde);
    let schemars = schemars(item, &by_schemars);
    quote! { #reach #serde #schemars }
}

fn reach(item: &Item) -> TokenStream {
    let (ident, mirror, args) = (&item.ident, mirror::name(item), arguments(item));
    let generics = mirrored(item);
    let (impl_generics, _, clause) = generics.split_for_impl();
    quote! {
        impl #impl_generics __enact::Mirrored for #ident #args #clause {
            fn described() -> __enact::Described {
                __enact::Described::by::<#mirror #args>()
            }

            fn write<__S: __enact::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
                <#mirror #args>::serialize(self, serializer)
            }

            fn read<'de, __D: __enact::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> __enact::std::result::Result<Self, __D::Error> {
                <#mirror #args>::deserialize(deserializer)
            }
        }
    }
}

fn serde(item: &Item, by: &TokenStream) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty, clause) = bounded(item);
    let (de_generics, _, de_clause) = bounded_with_lifetime(item);
    quote! {
        #[automatically_derived]
        impl #impl_generics __enact::serde::Serialize for #ident #ty #clause {
            fn serialize<__S: __enact::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
                #by::serialize(self, serializer)
            }
        }

        #[automatically_derived]
        impl #de_generics __enact::serde::Deserialize<'de> for #ident #ty #de_clause {
            fn deserialize<__D: __enact::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> __enact::std::result::Result<Self, __D::Error> {
                #by::deserialize(deserializer)
            }
        }
    }
}

fn schemars(item: &Item, by: &TokenStream) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty, clause) = bounded(item);
    let text = quote! { __enact::std::borrow::Cow<'static, str> };
    let inline = item.serde.inline.then(|| {
        quote! { fn inline_schema() -> bool { true } }
    });
    let (name, id) = if item.generics.params.is_empty() {
        let title = mirror::title(item);
        let borrowed = quote! { __enact::std::borrow::Cow::Borrowed };
        let path = quote! { __enact::std::concat!(__enact::std::module_path!(), "::", #title) };
        (quote! { #borrowed(#title) }, quote! { #borrowed(#path) })
    } else {
        (quote! { #by::schema_name() }, quote! { #by::schema_id() })
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics __enact::schemars::JsonSchema for #ident #ty #clause {
            #inline

            fn schema_name() -> #text { #name }

            fn schema_id() -> #text { #id }

            fn json_schema(
                generator: &mut __enact::schemars::SchemaGenerator,
            ) -> __enact::schemars::Schema {
                #by::json_schema(generator)
            }
        }
    }
}
