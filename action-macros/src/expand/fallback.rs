//! What stands in for an item that has mistakes, so that nothing else fails because of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::generics::{bounded, bounded_with_lifetime};
use super::new::{Body, constructor};
use super::{checks, hidden, rules};
use crate::check::action_name;
use crate::model::{Item, Role};

/// The impls, all but one with bodies that are never run.
pub(crate) fn fallback(item: &Item) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty, clause) = bounded(item);
    let (de_generics, _, de_clause) = bounded_with_lifetime(item);
    // What rustc finds wrong with rules and types is said in the same go.
    let (statics, check) = (rules::statics(item), checks::method(item));
    let new = constructor(item, Body::Never);
    let action = (item.role == Role::Action).then(|| action(item));
    let tokens = quote! {
            impl #impl_generics __enact::serde::Serialize for #ident #ty #clause {
                fn serialize<__S: __enact::serde::Serializer>(
                    &self,
                    serializer: __S,
                ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
                    __enact::std::unreachable!()
                }
            }

            impl #de_generics __enact::serde::Deserialize<'de> for #ident #ty #de_clause {
                fn deserialize<__D: __enact::serde::Deserializer<'de>>(
                    deserializer: __D,
                ) -> __enact::std::result::Result<Self, __D::Error> {
                    __enact::std::unreachable!()
                }
            }

            impl #impl_generics __enact::schemars::JsonSchema for #ident #ty #clause {
                fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
                    __enact::std::unreachable!()
                }

                fn json_schema(
                    generator: &mut __enact::schemars::SchemaGenerator,
                ) -> __enact::schemars::Schema {
                    __enact::std::unreachable!()
                }
            }

            #statics

            impl #impl_generics __enact::Param for #ident #ty #clause {
                #check
            }

            impl #impl_generics __enact::Params for #ident #ty #clause {
                fn reader() -> &'static __enact::Reader {
                    __enact::std::unreachable!()
                }
            }

            #action
            #new
    };
    hidden(item, &tokens)
}

fn action(item: &Item) -> TokenStream {
    let (ident, name) = (&item.ident, action_name(item));
    let (impl_generics, ty, clause) = bounded(item);
    // A generic action is a mistake, and what its `impl Run` asks for is unknown.
    let clause = if item.generics.params.is_empty() {
        quote! { #clause }
    } else {
        quote! { where #ident #ty: __enact::Params + __enact::Run }
    };
    quote! {
        static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label(#name)];
        static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);

        impl #impl_generics __enact::Action for #ident #ty #clause {
            const SPEC: __enact::Spec = __enact::Spec::new(
                #name,
                "",
                __enact::SourcePlace { file: __enact::std::file!(), line: __enact::std::line!() },
                __enact::Telemetry::new(&__RUNNING),
            );
        }
    }
}
