//! What the attribute prints, as `expand::tests` has it.

#[derive(crate::hands::signal::__private::std::clone::Clone)]
#[derive(crate::hands::signal::__private::Params)]
#[params(crate = crate::hands::signal::__private::core, terse)]
struct OrderCreated {}
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
    use crate::hands::signal::__private as __signal;
    #[automatically_derived]
    impl __signal::Signal for OrderCreated {
        const TYPE: &'static str = "order.created";
        const SPEC: __signal::Spec = {
            let mut spec = __signal::Spec::new("order.created")
                .source(
                    __signal::std::concat!("/", __signal::std::env!("CARGO_PKG_NAME")),
                );
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
