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
    static __RULES_0_items: __enact::Rules = __enact::Rules {
        min: __enact::std::option::Option::Some(__enact::Bound::Int(1i64)),
        ..__enact::Rules::NONE
    };
    static __RULES_0: __enact::Rules = __enact::Rules {
        items: __enact::std::option::Option::Some(&__RULES_0_items),
        ..__enact::Rules::NONE
    };
    fn __default_0<T, const N: usize>() -> Vec<T> {
        Vec::with_capacity(N)
    }
    #[derive(
        __enact::serde::Serialize,
        __enact::serde::Deserialize,
        __enact::schemars::JsonSchema
    )]
    #[serde(crate = "__enact::serde", remote = "Page")]
    #[schemars(crate = "__enact::schemars")]
    #[serde(bound = "")]
    #[serde(deny_unknown_fields)]
    #[schemars(rename = "Page_of_{T}")]
    #[schemars(
        transform = |__schema:&mut
        __enact::schemars::Schema|{__enact::close(__schema);}
    )]
    struct __PageMirror<T, const N: usize = 2>
    where
        T: __enact::Param,
        for<'__any> Vec<T>: __enact::Param,
        for<'__any> Option<Box<Page<T, N>>>: __enact::Param,
    {
        /// The items.
        #[serde(default = "__default_0 :: < T , N >")]
        #[schemars(
            transform = |__schema:&mut
            __enact::schemars::Schema|{__RULES_0.write(
                __schema,
                __enact::Counts::Characters,
                __enact::Counts::Characters
            );}
        )]
        items: Vec<T>,
        /// The page behind it.
        next: Option<Box<Page<T, N>>>,
    }
    impl<T, const N: usize> __enact::Mirrored for Page<T, N>
    where
        T: __enact::Param,
        for<'__any> Vec<T>: __enact::Param,
        for<'__any> Option<Box<Page<T, N>>>: __enact::Param,
    {
        fn described() -> __enact::Described {
            __enact::Described::by::<__PageMirror<T, N>>()
        }
        fn write<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            <__PageMirror<T, N>>::serialize(self, serializer)
        }
        fn read<'de, __D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            <__PageMirror<T, N>>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl<T, const N: usize> __enact::serde::Serialize for Page<T, N>
    where
        T: __enact::Param,
    {
        fn serialize<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            __enact::Of::<Self>::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de, T, const N: usize> __enact::serde::Deserialize<'de> for Page<T, N>
    where
        T: __enact::Param,
    {
        fn deserialize<__D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            __enact::Of::<Self>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl<T, const N: usize> __enact::schemars::JsonSchema for Page<T, N>
    where
        T: __enact::Param,
    {
        fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
            __enact::Of::<Self>::schema_name()
        }
        fn schema_id() -> __enact::std::borrow::Cow<'static, str> {
            __enact::Of::<Self>::schema_id()
        }
        fn json_schema(
            generator: &mut __enact::schemars::SchemaGenerator,
        ) -> __enact::schemars::Schema {
            __enact::Of::<Self>::json_schema(generator)
        }
    }
    #[automatically_derived]
    impl<T, const N: usize> __enact::Param for Page<T, N>
    where
        T: __enact::Param,
    {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            {
                let __report = &mut __report.at("items");
                <Vec<T> as __enact::FieldType>::check(&self.items, __report);
                let __value = &self.items;
                __enact::ItemRules::check(
                    __value,
                    __report,
                    |__item, __report| {
                        let __value = __item;
                        __enact::NumberRules::check(__value, &__RULES_0_items, __report);
                    },
                );
            }
            {
                let __report = &mut __report.at("next");
                <Option<
                    Box<Page<T, N>>,
                > as __enact::FieldType>::check(&self.next, __report);
            }
        }
    }
    #[automatically_derived]
    impl<T, const N: usize> __enact::Params for Page<T, N>
    where
        T: __enact::Param,
    {
        fn reader() -> &'static __enact::Reader {
            __enact::Reader::shared::<Self>()
        }
    }
    #[automatically_derived]
    impl<T, const N: usize> Page<T, N> {
        ///Makes a [`Page`] of what it needs; the rest has its default.
        #[must_use]
        fn new() -> Self {
            Self {
                items: __default_0::<T, N>(),
                next: __enact::std::default::Default::default(),
            }
        }
    }
};
