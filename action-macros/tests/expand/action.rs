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
        len: __enact::std::option::Option::Some(__enact::Len {
            min: 1u64,
            max: __enact::std::option::Option::Some(80u64),
        }),
        ..__enact::Rules::NONE
    };
    fn __default_1() -> Units {
        Units::Celsius
    }
    #[derive(
        __enact::serde::Serialize,
        __enact::serde::Deserialize,
        __enact::schemars::JsonSchema
    )]
    #[serde(crate = "__enact::serde", remote = "GetWeather")]
    #[schemars(crate = "__enact::schemars")]
    #[serde(deny_unknown_fields)]
    #[schemars(rename = "GetWeather")]
    #[schemars(
        transform = |__schema:&mut
        __enact::schemars::Schema|{__enact::close(__schema);}
    )]
    /// Current weather for a city.
    struct __GetWeatherMirror
    where
        for<'__any> Units: __enact::Param,
    {
        /// City name.
        #[schemars(
            transform = |__schema:&mut
            __enact::schemars::Schema|{__RULES_0.write(
                __schema,
                __enact::Of::<String>::COUNTS,
                __enact::Counts::Characters
            );__enact::example(__schema, __enact::serde_json::json!("Paris"));}
        )]
        city: String,
        /// Unit of the answer.
        #[serde(default = "__default_1")]
        units: Units,
    }
    impl __enact::Mirrored for GetWeather
    where
        for<'__any> Units: __enact::Param,
    {
        fn described() -> __enact::Described {
            __enact::Described::by::<__GetWeatherMirror>()
        }
        fn write<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            <__GetWeatherMirror>::serialize(self, serializer)
        }
        fn read<'de, __D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            <__GetWeatherMirror>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __enact::serde::Serialize for GetWeather {
        fn serialize<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            __enact::Of::<Self>::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> __enact::serde::Deserialize<'de> for GetWeather {
        fn deserialize<__D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            __enact::Of::<Self>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __enact::schemars::JsonSchema for GetWeather {
        fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed("GetWeather")
        }
        fn schema_id() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed(
                __enact::std::concat!(__enact::std::module_path!(), "::", "GetWeather"),
            )
        }
        fn json_schema(
            generator: &mut __enact::schemars::SchemaGenerator,
        ) -> __enact::schemars::Schema {
            __enact::Of::<Self>::json_schema(generator)
        }
    }
    #[automatically_derived]
    impl __enact::Param for GetWeather {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            {
                let __report = &mut __report.at("city");
                <String as __enact::FieldType>::check(&self.city, __report);
                let __value = &self.city;
                __enact::LenRule::check(__value, &__RULES_0, __report);
            }
            {
                let __report = &mut __report.at("units");
                <Units as __enact::FieldType>::check(&self.units, __report);
            }
        }
    }
    #[automatically_derived]
    impl __enact::Params for GetWeather {
        fn reader() -> &'static __enact::Reader {
            static __READER: __enact::LazyReader = __enact::LazyReader::new();
            __READER
                .get(
                    <Self as __enact::schemars::JsonSchema>::schema_name,
                    <Self as __enact::schemars::JsonSchema>::json_schema,
                )
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("get_weather")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    #[automatically_derived]
    impl __enact::Action for GetWeather {
        const SPEC: __enact::Spec = {
            let mut spec = __enact::Spec::new(
                "get_weather",
                "Current weather for a city.",
                __enact::SourcePlace {
                    file: __enact::std::file!(),
                    line: __enact::std::line!(),
                },
                __enact::Telemetry::new(&__RUNNING),
            );
            spec.tags = &["demo"];
            spec.effect = __enact::Effect::Read;
            spec.policy.timeout = __enact::std::option::Option::Some(
                __enact::std::time::Duration::new(5u64, 0u32),
            );
            spec
        };
        const LIMITS: &'static [(&'static str, __enact::Limits)] = &[
            (
                "city",
                __enact::Limits {
                    len: __enact::std::option::Option::Some(__enact::Len {
                        min: 1u64,
                        max: __enact::std::option::Option::Some(80u64),
                    }),
                    allowed: "`city` refuses this; allowed: 1 to 80 characters",
                    ..__enact::Limits::NONE
                },
            ),
        ];
    }
    static __ENTRY: __enact::Entry = __enact::Entry::of::<GetWeather>();
    __enact::inventory::submit! {
        __enact::Submitted(& __ENTRY)
    }
    #[automatically_derived]
    impl GetWeather {
        ///Makes a [`GetWeather`] of what it needs; the rest has its default.
        #[must_use]
        pub fn new(city: impl __enact::std::convert::Into<String>) -> Self {
            Self {
                city: __enact::std::convert::Into::into(city),
                units: __default_1(),
            }
        }
    }
};
