//! What the derive prints, as `expand::tests` has it.

::core::compile_error! {
    "there is no key `mni` here; did you mean `min`?"
}
::core::compile_error! {
    "there is no key `defualt` here; did you mean `default`?"
}
::core::compile_error! {
    "`value` has no description, and models go by it: write a doc comment, `/// …`, above it"
}
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
    impl __enact::serde::Serialize for Part {
        fn serialize<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            __enact::std::unreachable!()
        }
    }
    impl<'de> __enact::serde::Deserialize<'de> for Part {
        fn deserialize<__D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            __enact::std::unreachable!()
        }
    }
    impl __enact::schemars::JsonSchema for Part {
        fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::unreachable!()
        }
        fn json_schema(
            generator: &mut __enact::schemars::SchemaGenerator,
        ) -> __enact::schemars::Schema {
            __enact::std::unreachable!()
        }
    }
    impl __enact::Param for Part {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            {
                let __report = &mut __report.at("value");
                <u8 as __enact::FieldType>::check(&self.value, __report);
            }
        }
    }
    impl __enact::Params for Part {
        fn reader() -> &'static __enact::Reader {
            __enact::std::unreachable!()
        }
    }
    #[automatically_derived]
    impl Part {
        ///Makes a [`Part`] of what it needs; the rest has its default.
        #[must_use]
        fn new() -> Self {
            __enact::std::unreachable!()
        }
    }
};
