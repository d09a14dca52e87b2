//! What the macro prints, as `expand::tests` has it.

/// Ships an order.
#[derive(::enact::workflow::__private::Params)]
#[params(crate = ::enact::workflow::__private::core)]
struct Ship {
    /// The order of the workflow.
    order: Order,
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
    type __Type1 = Quote;
    type __Type2 = Take;
    type __Type4 = Print;
    #[automatically_derived]
    impl __enact::Run for Ship {
        type Output = Vec<String>;
        async fn run(
            &self,
            cx: &__enact::Context,
        ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
            __w::run(self, cx).await
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("ship")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    #[automatically_derived]
    impl __enact::Action for Ship {
        const SPEC: __enact::Spec = {
            let mut spec = __enact::Spec::new(
                "ship",
                "Ships an order.",
                __enact::SourcePlace {
                    file: __w::std::file!(),
                    line: __w::std::line!(),
                },
                __enact::Telemetry::new(&__RUNNING),
            );
            spec.ends_itself = true;
            spec.version = __w::std::option::Option::Some("1");
            const __SPECS: &[&__enact::Spec] = &[
                &__w::Of::<__Type1>::SPEC,
                &__w::Of::<__Type2>::SPEC,
                &__w::Of::<__Type4>::SPEC,
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
    static __ENTRY: __enact::Entry = __enact::Entry::of_workflow::<Ship>(1u32);
    __w::inventory::submit! {
        __enact::Submitted(& __ENTRY)
    }
    static __GRAPH: __w::Graph = __w::Graph {
        name: __w::std::borrow::Cow::Borrowed("ship"),
        version: 1u32,
        saga: false,
        deadline: __w::std::option::Option::None,
        nodes: __w::std::borrow::Cow::Borrowed(
            &[
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("parallel"),
                    kind: __w::NodeKind::Parallel {
                        arms: 2u32,
                        collect: false,
                        spawn: false,
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[]),
                    line: __w::std::line!(),
                    code: 14695981039346656037u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("quote"),
                    kind: __w::NodeKind::Step {
                        action: const { &__w::Of::<__Type1>::SPEC },
                        policy: *const { &__w::Of::<__Type1>::SPEC.policy },
                        pivot: false,
                        graph: __w::Of::<__Type1>::GRAPH,
                    },
                    parent: __w::std::option::Option::Some((0u32, 0u32)),
                    reads: __w::std::borrow::Cow::Borrowed(&[]),
                    line: __w::std::line!(),
                    code: 1910640417830412229u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("stock"),
                    kind: __w::NodeKind::Step {
                        action: const { &__w::Of::<__Type2>::SPEC },
                        policy: *const { &__w::Of::<__Type2>::SPEC.policy },
                        pivot: false,
                        graph: __w::Of::<__Type2>::GRAPH,
                    },
                    parent: __w::std::option::Option::Some((0u32, 1u32)),
                    reads: __w::std::borrow::Cow::Borrowed(&[]),
                    line: __w::std::line!(),
                    code: 13231724000999999956u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("labels"),
                    kind: __w::NodeKind::FanOut {
                        max: 8u32,
                        collect: false,
                        spawn: false,
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[2u32, 4u32]),
                    line: __w::std::line!(),
                    code: 4670140484861229948u64,
                },
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("labels[]/label"),
                    kind: __w::NodeKind::Step {
                        action: const { &__w::Of::<__Type4>::SPEC },
                        policy: *const { &__w::Of::<__Type4>::SPEC.policy },
                        pivot: false,
                        graph: __w::Of::<__Type4>::GRAPH,
                    },
                    parent: __w::std::option::Option::Some((3u32, 0u32)),
                    reads: __w::std::borrow::Cow::Borrowed(&[1u32, 2u32]),
                    line: __w::std::line!(),
                    code: 9458063180124684120u64,
                },
            ],
        ),
        place: __w::std::option::Option::Some(__enact::SourcePlace {
            file: __w::std::file!(),
            line: __w::std::line!(),
        }),
        code: 7893585028601948991u64,
    };
    __w::inventory::submit! {
        __w::Submitted(& __GRAPH)
    }
    type __Output = Vec<String>;
    #[automatically_derived]
    impl __w::Workflow for Ship {
        const GRAPH: &'static __w::Graph = &__GRAPH;
        #[allow(unused_variables, unreachable_code, reason = "generated code")]
        async fn body<'__a>(
            &'__a self,
            __scope: &'__a __w::Scope<'__a>,
        ) -> __w::std::result::Result<__Output, __enact::Failure> {
            let __this = self;
            let order = &__this.order;
            let (__outcome0_0, __outcome0_1) = {
                let __fork = __w::Fork::<2usize>::new(__scope);
                let __part0 = __fork.arm(0usize);
                let __body0 = __w::std::pin::pin!(
                    async { let __scope = & __part0; let __result = __scope.step(1u32,
                    __w::Kept::itself(__w::AnAction::itself(__Type1 { to : (* order)
                    .address.clone(), })), const { & __w::Of:: < __Type1 > ::SPEC.policy
                    }). await ?; __w::std::result::Result::Ok:: < _, __enact::Failure >
                    (__result) }
                );
                let __future0 = __w::std::pin::pin!(__w::guarded(__part0, __body0));
                let mut __arm0 = __w::Arm::new(__future0);
                let __part1 = __fork.arm(1usize);
                let __body1 = __w::std::pin::pin!(
                    async { let __scope = & __part1; let __result = __scope.step(2u32,
                    __w::Kept::itself(__w::AnAction::itself(__Type2 { items : (* order)
                    .items.clone(), })), const { & __w::Of:: < __Type2 > ::SPEC.policy })
                    . await ?; __w::std::result::Result::Ok:: < _, __enact::Failure >
                    (__result) }
                );
                let __future1 = __w::std::pin::pin!(__w::guarded(__part1, __body1));
                let mut __arm1 = __w::Arm::new(__future1);
                __fork.join([&mut __arm0, &mut __arm1]).await?;
                (__arm0.result()?, __arm1.result()?)
            };
            let quote = __outcome0_0.output();
            let stock = __outcome0_1.output();
            let labels = {
                let __items = __scope.items((*stock).lines.clone());
                let __items = __scope.counted(3u32, __items).await?;
                let __stacks = __w::Stacks::new(__scope, __items.len());
                __scope
                    .fan_out(
                        8usize,
                        &__stacks,
                        __items,
                        |__part, line| {
                            __w::std::boxed::Box::pin(async move {
                                let __body = __w::std::pin::pin!(
                                    async move { let __scope = & __part; let __held4 = __scope
                                    .step(4u32, __w::Kept::itself(__w::AnAction::itself(__Type4
                                    { line : line.clone(), rate : (* quote).rate.clone(), })),
                                    const { & __w::Of:: < __Type4 > ::SPEC.policy }). await ?;
                                    let label = __held4.output(); let __result = (* label).url
                                    .clone(); __w::std::result::Result::Ok:: < _,
                                    __enact::Failure > (__result) }
                                );
                                __w::guarded(__part, __body).await
                            })
                        },
                    )
                    .await?
            };
            let __result: __Output = labels.clone();
            __w::std::result::Result::Ok(__result)
        }
    }
    const _: () = __w::check::no_race(
        &__w::Of::<__Type2>::SPEC,
        &[&__w::Of::<__Type1>::SPEC],
    );
};
