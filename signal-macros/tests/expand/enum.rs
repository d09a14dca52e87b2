//! What the attribute prints, as `expand::tests` has it.

#[derive(::enact::signal::__private::std::clone::Clone)]
enum OrderEvent {
    Paid { cents: u64 },
    Moved(u8, String),
    Created(OrderCreated),
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
    #[derive(::enact::signal::__private::std::clone::Clone)]
    #[derive(::enact::signal::__private::Params)]
    #[params(crate = ::enact::signal::__private::core, terse)]
    #[params(no_new)]
    #[serde(rename = "OrderEventPaid")]
    struct __OrderEventPaid {
        #[param(min = 1)]
        cents: u64,
    }
    #[automatically_derived]
    impl __signal::Signal for __OrderEventPaid {
        const TYPE: &'static str = "order.paid";
        const SPEC: __signal::Spec = {
            let mut spec = __signal::Spec::new("order.paid").source("/orders");
            spec.schema = __signal::std::option::Option::Some(
                <__OrderEventPaid as __signal::Params>::schema,
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
        static __ENTRY: __signal::Entry = __signal::Entry::of::<__OrderEventPaid>();
        __signal::inventory::submit! {
            __signal::Submitted(& __ENTRY)
        }
    };
    #[derive(::enact::signal::__private::std::clone::Clone)]
    #[derive(::enact::signal::__private::Params)]
    #[params(crate = ::enact::signal::__private::core, terse)]
    #[params(no_new)]
    #[serde(rename = "OrderEventMoved")]
    struct __OrderEventMoved(u8, String);
    #[automatically_derived]
    impl __signal::Signal for __OrderEventMoved {
        const TYPE: &'static str = "order.moved";
        const SPEC: __signal::Spec = {
            let mut spec = __signal::Spec::new("order.moved").source("/orders");
            spec.schema = __signal::std::option::Option::Some(
                <__OrderEventMoved as __signal::Params>::schema,
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
        static __ENTRY: __signal::Entry = __signal::Entry::of::<__OrderEventMoved>();
        __signal::inventory::submit! {
            __signal::Submitted(& __ENTRY)
        }
    };
    const __ALL: &[__signal::Named] = &[
        ("Paid", <__OrderEventPaid as __signal::Payload>::SPECS),
        ("Moved", <__OrderEventMoved as __signal::Payload>::SPECS),
        ("Created", <OrderCreated as __signal::Payload>::SPECS),
    ];
    const _: () = __signal::std::assert!(
        __signal::apart(__ALL, "Paid"),
        "another variant above is of this type too, and no version tells them apart: take one \
             of them out, or give one another type",
    );
    const _: () = __signal::std::assert!(
        __signal::apart(__ALL, "Moved"),
        "another variant above is of this type too, and no version tells them apart: take one \
             of them out, or give one another type",
    );
    const _: () = __signal::std::assert!(
        __signal::apart(__ALL, "Created"),
        "another variant above is of this type too, and no version tells them apart: take one \
             of them out, or give one another type",
    );
    #[automatically_derived]
    impl __signal::Payload for OrderEvent {
        const SPECS: &'static [__signal::Spec] = &__signal::gathered::<
            { __signal::count(__ALL) },
        >(__ALL);
        fn enclose(
            self,
        ) -> __signal::std::result::Result<__signal::Enclosed, __signal::Violations> {
            match self {
                Self::Paid { cents } => {
                    <__OrderEventPaid as __signal::Payload>::enclose(__OrderEventPaid {
                        cents,
                    })
                }
                Self::Moved(__field_0, __field_1) => {
                    <__OrderEventMoved as __signal::Payload>::enclose(
                        __OrderEventMoved(__field_0, __field_1),
                    )
                }
                Self::Created(__held) => {
                    <OrderCreated as __signal::Payload>::enclose(__held)
                }
            }
        }
        fn open(
            envelope: &__signal::Envelope,
        ) -> __signal::std::result::Result<Self, __signal::SignalError> {
            if <__OrderEventPaid as __signal::Payload>::fits(envelope) {
                return <__OrderEventPaid as __signal::Payload>::open(envelope)
                    .map(|__OrderEventPaid { cents }| Self::Paid { cents });
            }
            if <__OrderEventMoved as __signal::Payload>::fits(envelope) {
                return <__OrderEventMoved as __signal::Payload>::open(envelope)
                    .map(|__OrderEventMoved(__field_0, __field_1)| Self::Moved(
                        __field_0,
                        __field_1,
                    ));
            }
            if <OrderCreated as __signal::Payload>::fits(envelope) {
                return <OrderCreated as __signal::Payload>::open(envelope)
                    .map(Self::Created);
            }
            __signal::std::result::Result::Err(
                __signal::mismatch(envelope, <Self as __signal::Payload>::SPECS),
            )
        }
    }
};
