//! What the attribute prints, as `expand::tests` has it.

#[derive(::enact::signal::__private::std::clone::Clone)]
#[derive(::enact::signal::__private::Params)]
#[params(crate = ::enact::signal::__private::core, terse, check = fits, open)]
/// Somebody has ordered something.
#[derive(Debug)]
pub struct OrderCreated {
    #[param(min = 1)]
    pub cents: u64,
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
    unused_imports,
    unused_qualifications,
    reason = "generated code"
)]
const _: () = {
    use ::enact::signal::__private as __signal;
    #[automatically_derived]
    impl __signal::Signal for OrderCreated {
        const TYPE: &'static str = "order.created";
        const SPEC: __signal::Spec = {
            let mut spec = __signal::Spec::new("order.created").source("/orders");
            spec.version = __signal::std::option::Option::Some(1u32);
            spec.dataschema = __signal::std::option::Option::Some(
                "urn:enact:signal:order.created:1",
            );
            spec.description = "Somebody has ordered something.";
            spec.extensions = &[
                ("region", __signal::Constant::String("eu")),
                ("level", __signal::Constant::Integer(-3i32)),
                ("live", __signal::Constant::Boolean(true)),
            ];
            spec.schema = __signal::std::option::Option::Some(
                <OrderCreated as __signal::Params>::schema,
            );
            spec.place = __signal::std::option::Option::Some(__signal::SourcePlace {
                file: __signal::std::file!(),
                line: __signal::std::line!(),
            });
            spec
        };
        fn judge(&self) -> __signal::std::result::Result<(), __signal::Violations> {
            __signal::Params::validate(self)
        }
        fn of_data(
            data: __signal::serde_json::Value,
        ) -> __signal::std::result::Result<Self, __signal::Violations> {
            __signal::Params::read(data)
        }
    }
    const _: () = {
        static __ENTRY: __signal::Entry = __signal::Entry::of::<OrderCreated>();
        __signal::inventory::submit! {
            __signal::Submitted(& __ENTRY)
        }
    };
};
