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
    use crate::hands::__private::{self as __enact, Otherwise as _};
    static __RULES_0: __enact::Rules = __enact::Rules {
        pattern: __enact::std::option::Option::Some(__enact::LazyPattern::new("^a")),
        one_of: &[__enact::Literal::Text("a"), __enact::Literal::Text("ab")],
        ..__enact::Rules::NONE
    };
    fn __default_0() -> Option<Name> {
        __enact::FromText::from_text("a")
    }
    #[derive(
        __enact::serde::Serialize,
        __enact::serde::Deserialize,
        __enact::schemars::JsonSchema
    )]
    #[serde(crate = "__enact::serde", remote = "Ping")]
    #[schemars(crate = "__enact::schemars")]
    #[serde(deny_unknown_fields)]
    #[schemars(rename = "Ping")]
    #[schemars(
        transform = |__schema:&mut
        __enact::schemars::Schema|{__enact::close(__schema);}
    )]
    /// Pings.
    struct __PingMirror
    where
        for<'__any> Option<Name>: __enact::Param,
    {
        /// To whom.
        #[serde(default = "__default_0")]
        #[schemars(
            transform = |__schema:&mut
            __enact::schemars::Schema|{__RULES_0.write(
                __schema,
                __enact::Counts::Characters,
                __enact::Counts::Characters
            );__enact::example(__schema, __enact::serde_json::json!("a"));}
        )]
        to: Option<Name>,
    }
    impl __enact::Mirrored for Ping
    where
        for<'__any> Option<Name>: __enact::Param,
    {
        fn described() -> __enact::Described {
            __enact::Described::by::<__PingMirror>()
        }
        fn write<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            <__PingMirror>::serialize(self, serializer)
        }
        fn read<'de, __D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            <__PingMirror>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __enact::serde::Serialize for Ping {
        fn serialize<__S: __enact::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> __enact::std::result::Result<__S::Ok, __S::Error> {
            __enact::Of::<Self>::serialize(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> __enact::serde::Deserialize<'de> for Ping {
        fn deserialize<__D: __enact::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> __enact::std::result::Result<Self, __D::Error> {
            __enact::Of::<Self>::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __enact::schemars::JsonSchema for Ping {
        fn schema_name() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed("Ping")
        }
        fn schema_id() -> __enact::std::borrow::Cow<'static, str> {
            __enact::std::borrow::Cow::Borrowed(
                __enact::std::concat!(__enact::std::module_path!(), "::", "Ping"),
            )
        }
        fn json_schema(
            generator: &mut __enact::schemars::SchemaGenerator,
        ) -> __enact::schemars::Schema {
            __enact::Of::<Self>::json_schema(generator)
        }
    }
    #[automatically_derived]
    impl __enact::Param for Ping {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            {
                let __report = &mut __report.at("to");
                <Option<Name> as __enact::FieldType>::check(&self.to, __report);
                let __value = &self.to;
                __enact::TextRules::check(__value, &__RULES_0, __report);
                let __value = &self.to;
                __enact::OneOfRule::check(__value, &__RULES_0, __report);
            }
        }
    }
    #[automatically_derived]
    impl __enact::Params for Ping {
        fn reader() -> &'static __enact::Reader {
            static __READER: __enact::LazyReader = __enact::LazyReader::new();
            __READER
                .get(
                    <Self as __enact::schemars::JsonSchema>::schema_name,
                    <Self as __enact::schemars::JsonSchema>::json_schema,
                )
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("ping")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    #[automatically_derived]
    impl __enact::Action for Ping {
        const SPEC: __enact::Spec = {
            let mut spec = __enact::Spec::new(
                "ping",
                "Pings.",
                __enact::SourcePlace {
                    file: __enact::std::file!(),
                    line: __enact::std::line!(),
                },
                __enact::Telemetry::new(&__RUNNING),
            );
            spec.effect = __enact::Effect::Idempotent;
            spec.policy.retry = __enact::std::option::Option::Some(
                __enact::Retry::times(2u32),
            );
            spec.undo = true;
            spec.needs = &[__enact::Need::of::<Line>()];
            spec
        };
        const LIMITS: &'static [(&'static str, __enact::Limits)] = &[
            (
                "to",
                __enact::Limits {
                    one_of: &[__enact::Literal::Text("a"), __enact::Literal::Text("ab")],
                    allowed: "`to` refuses this; allowed: one of \"a\", \"ab\"",
                    ..__enact::Limits::NONE
                },
            ),
        ];
        fn undo_with<'a>(
            &'a self,
            output: __enact::std::option::Option<&'a <Self as __enact::Run>::Output>,
            cx: &'a __enact::Context,
        ) -> __enact::std::option::Option<
            __enact::BoxFuture<'a, __enact::std::result::Result<(), __enact::Failure>>,
        > {
            __enact::std::option::Option::Some(
                __enact::std::boxed::Box::pin(__enact::Undo::undo(self, output, cx)),
            )
        }
    }
    static __ENTRY: __enact::Entry = __enact::Entry::of::<Ping>();
    __enact::inventory::submit! {
        __enact::Submitted(& __ENTRY)
    }
    #[automatically_derived]
    impl Ping {
        ///Makes a [`Ping`] of what it needs; the rest has its default.
        #[must_use]
        fn new() -> Self {
            Self { to: __default_0() }
        }
    }
};
