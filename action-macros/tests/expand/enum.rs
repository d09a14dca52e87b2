//! What the derive prints, as `expand::tests` has it.

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
    use ::enact::__private::{self as __enact, Otherwise as _};
    static __RULES_0: __enact::Rules = __enact::Rules {
        format: __enact::std::option::Option::Some(__enact::Format::Email),
        secret: true,
        ..__enact::Rules::NONE
    };
    #[derive(
        __enact::serde::Serialize,
        __enact::serde::Deserialize,
        __enact::schemars::JsonSchema
    )]
    #[serde(crate = "__enact::serde", remote = "Reach")]
    #[schemars(crate = "__enact::schemars")]
    #[serde(deny_unknown_fields)]
    #[schemars(rename = "Reach")]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum __ReachMirror {
        Nowhere,
        Mail {
            /// Where to.
            #[schemars(
                transform = |__schema:&mut
                __enact::schemars::Schema|{__RULES_0.write(
                    __schema,
                    __enact::Counts::Characters,
                    __enact::Counts::Characters
                );}
            )]
            to: String,
        },
    }
    #[automatically_derived]
    impl __enact::serde::Serialize for Reach {
        fn serialize<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            <__ReachMirror>::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> __enact::serde::Deserialize<'de> for Reach {
        fn deserialize<__D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            <__ReachMirror>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __enact::schemars::JsonSchema for Reach {
        fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed("Reach")
        }
        fn schema_id() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed(
                __enact::std::concat!(__enact::std::module_path!(), "::", "Reach"),
            )
        }
        fn json_schema(
            generator: &mut __enact::schemars::SchemaGenerator,
        ) -> __enact::schemars::Schema {
            <__ReachMirror as __enact::schemars::JsonSchema>::json_schema(generator)
        }
    }
    #[automatically_derived]
    impl __enact::Param for Reach {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            match self {
                Self::Nowhere => {}
                Self::Mail { to: __field_0 } => {
                    let _ = __field_0;
                    {
                        let __report = &mut __report.at("to");
                        __report.hide();
                        <String as __enact::FieldType>::check(__field_0, __report);
                        let __value = __field_0;
                        __enact::TextRules::check(__value, &__RULES_0, __report);
                    }
                }
            }
        }
    }
    #[automatically_derived]
    impl __enact::Params for Reach {
        fn reader() -> &'static __enact::Reader {
            static __READER: __enact::LazyReader = __enact::LazyReader::new();
            __READER
                .get(
                    <Self as __enact::schemars::JsonSchema>::schema_name,
                    <Self as __enact::schemars::JsonSchema>::json_schema,
                )
        }
    }
};
