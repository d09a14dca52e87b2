//! What the macro prints, as `expand::tests` has it.

/// Takes an order.
#[derive(::enact::workflow::__private::Params)]
#[params(crate = ::enact::workflow::__private::core)]
pub struct TakeOrder {
    /// The order of the workflow.
    pub order: Order,
}
#[doc(hidden)]
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    non_camel_case_types,
    noop_method_call,
    unused_imports,
    unused_parens,
    unused_qualifications,
    reason = "generated code"
)]
const _: () = {
    use ::enact::workflow::__private::{self as __w, Otherwise as _};
    use __w::core::__private as __enact;
    use __w::std::{borrow::ToOwned as _, clone::Clone as _};
    type __Type0 = ReserveStock;
    type __Type2 = ChargeCard;
    #[automatically_derived]
    impl __enact::Run for TakeOrder {
        type Output = Receipt;
        async fn run(
            &self,
            cx: &__enact::Context,
        ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
            __w::run(self, cx).await
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("take_order")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    #[automatically_derived]
    impl __enact::Action for TakeOrder {
        const SPEC: __enact::Spec = {
            let mut spec = __enact::Spec::new(
                "take_order",
                "Takes an order.",
                __enact::SourcePlace {
                    file: __w::std::file!(),
                    line: __w::std::line!(),
                },
                __enact::Telemetry::new(&__RUNNING),
            );
            spec.ends_itself = true;
            spec.version = __w::std::option::Option::Some("2");
            spec.policy.deadline = __w::std::option::Option::Some(
                __w::std::time::Duration::new(3600u64, 0u32),
            );
            const __SPECS: &[&__enact::Spec] = &[
                &__w::Of::<__Type0>::SPEC,
                &__w::Of::<__Type2>::SPEC,
            ];
            const __WRITES: [&str; __w::check::count_writes(__SPECS)] = __w::check::writes(
                __SPECS,
            );
            spec.effect = __w::check::effect(__SPECS, false);
            spec.writes = &__WRITES;
            spec.steps = __SPECS;
            spec.confirm = __w::check::confirm(__SPECS);
            spec.undo = false;
            spec
        };
    }
    static __ENTRY: __enact::Entry = __enact::Entry::of_workflow::<TakeOrder>(2u32);
    __w::inventory::submit! {
        __enact::Submitted(& __ENTRY)
    }
    static __GRAPH: __w::Graph = __w::Graph {
        name: __w::std::borrow::Cow::Borrowed("take_order"),
        version: 2u32,
        saga: true,
        deadline: __w::std::option::Option::Some(
            __w::std::time::Duration::new(3600u64, 0u32),
        ),
        nodes: __w::std::borrow::Cow::Borrowed(
            &[
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("stock"),
                    kind: __w::NodeKind::Step {
                        action: const { &__w::Of::<__Type0>::SPEC },
                        policy: *const { &__w::Of::<__Type0>::SPEC.policy },
                        pivot: false,
                        graph: __w::Of::<__Type0>::GRAPH,
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[]),
                    line: __w::std::line!(),
                    code: 15620824092106038894u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("total"),
                    kind: __w::NodeKind::Branch {
                        arms: __w::std::borrow::Cow::Borrowed(
                            &[
                                __w::std::borrow::Cow::Borrowed("Tier::Standard"),
                                __w::std::borrow::Cow::Borrowed("Tier::Premium(rate)"),
                            ],
                        ),
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[0u32]),
                    line: __w::std::line!(),
                    code: 7334855661271621447u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("charge"),
                    kind: __w::NodeKind::Step {
                        action: const { &__w::Of::<__Type2>::SPEC },
                        policy: *const {
                            &__enact::Policy {
                                timeout: __w::std::option::Option::Some(
                                    __w::std::time::Duration::new(10u64, 0u32),
                                ),
                                ..__w::Of::<__Type2>::SPEC.policy
                            }
                        },
                        pivot: true,
                        graph: __w::Of::<__Type2>::GRAPH,
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[1u32]),
                    line: __w::std::line!(),
                    code: 10684016985160835466u64,
                },
            ],
        ),
        place: __w::std::option::Option::Some(__enact::SourcePlace {
            file: __w::std::file!(),
            line: __w::std::line!(),
        }),
        code: 1128821317048063233u64,
    };
    __w::inventory::submit! {
        __w::Submitted(& __GRAPH)
    }
    type __Output = Receipt;
    #[automatically_derived]
    impl __w::Workflow for TakeOrder {
        const GRAPH: &'static __w::Graph = &__GRAPH;
        #[allow(unused_variables, unreachable_code, reason = "generated code")]
        async fn body<'__a>(
            &'__a self,
            __scope: &'__a __w::Scope<'__a>,
        ) -> __w::std::result::Result<__Output, __enact::Failure> {
            let __this = self;
            let order = &__this.order;
            let __held0 = __scope
                .step(
                    0u32,
                    __w::Kept::itself(
                        __w::AnAction::itself(__Type0 {
                            items: (*order).items.clone(),
                            most: 9,
                        }),
                    ),
                    const { &__w::Of::<__Type0>::SPEC.policy },
                )
                .await?;
            let stock = __held0.output();
            let total = match &(*order).tier {
                Tier::Standard => {
                    __scope.branch(1u32, 0u32).await?;
                    (*stock).total.clone()
                }
                Tier::Premium(rate) => {
                    __scope.branch(1u32, 1u32).await?;
                    (*stock).total * (*rate)
                }
            };
            let __held2 = __scope
                .step(
                    2u32,
                    __w::Kept::itself(
                        __w::AnAction::itself(__Type2 { amount: total.clone() }),
                    ),
                    const {
                        &__enact::Policy {
                            timeout: __w::std::option::Option::Some(
                                __w::std::time::Duration::new(10u64, 0u32),
                            ),
                            ..__w::Of::<__Type2>::SPEC.policy
                        }
                    },
                )
                .await?;
            __scope.pivot();
            let charge = __held2.output();
            let __result: __Output = Receipt {
                id: (*charge).id.clone(),
                total: total.clone(),
            };
            __w::std::result::Result::Ok(__result)
        }
    }
    const _: () = __w::check::in_time(
        &__w::Of::<__Type0>::SPEC,
        const { &__w::Of::<__Type0>::SPEC.policy },
        __w::std::time::Duration::new(3600u64, 0u32),
    );
    const _: () = __w::check::literal(
        __w::Of::<__Type0>::LIMITS,
        "most",
        __w::Literal::Int(9i128),
    );
    const _: () = __w::check::in_time(
        &__w::Of::<__Type2>::SPEC,
        const {
            &__enact::Policy {
                timeout: __w::std::option::Option::Some(
                    __w::std::time::Duration::new(10u64, 0u32),
                ),
                ..__w::Of::<__Type2>::SPEC.policy
            }
        },
        __w::std::time::Duration::new(3600u64, 0u32),
    );
    const _: () = __w::check::before_the_pivot(&__w::Of::<__Type0>::SPEC);
};
