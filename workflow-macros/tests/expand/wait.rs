//! What the macro prints, as `expand::tests` has it.

/// Waits until an order is approved.
#[derive(::enact::workflow::__private::Params)]
#[params(crate = ::enact::workflow::__private::core)]
struct Approve {
    /// The order of the workflow.
    order: u64,
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
    type __Type0 = OrderApproved;
    #[automatically_derived]
    impl __enact::Run for Approve {
        type Output = String;
        async fn run(
            &self,
            cx: &__enact::Context,
        ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
            __w::run(self, cx).await
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("approve")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    #[automatically_derived]
    impl __enact::Action for Approve {
        const SPEC: __enact::Spec = {
            let mut spec = __enact::Spec::new(
                "approve",
                "Waits until an order is approved.",
                __enact::SourcePlace {
                    file: __w::std::file!(),
                    line: __w::std::line!(),
                },
                __enact::Telemetry::new(&__RUNNING),
            );
            spec.ends_itself = true;
            spec.version = __w::std::option::Option::Some("1");
            const __SPECS: &[&__enact::Spec] = &[];
            const __WRITES: [&str; __w::check::count_writes(__SPECS)] = __w::check::writes(
                __SPECS,
            );
            spec.effect = __w::check::effect(__SPECS, true);
            spec.writes = &__WRITES;
            spec.steps = __SPECS;
            spec.confirm = __w::check::confirm(__SPECS);
            spec.undo = false;
            spec.needs = &[__enact::Need::of::<__w::Signals>()];
            spec
        };
    }
    static __ENTRY: __enact::Entry = __enact::Entry::of_workflow::<Approve>(1u32);
    __w::inventory::submit! {
        __enact::Submitted(& __ENTRY)
    }
    static __GRAPH: __w::Graph = __w::Graph {
        name: __w::std::borrow::Cow::Borrowed("approve"),
        version: 1u32,
        saga: false,
        deadline: __w::std::option::Option::None,
        nodes: __w::std::borrow::Cow::Borrowed(
            &[
                __w::Node {
                    path: __w::std::borrow::Cow::Borrowed("approval"),
                    kind: __w::NodeKind::Wait {
                        signal: __w::std::borrow::Cow::Borrowed(
                            __w::Of::<__Type0>::SIGNAL,
                        ),
                        timeout: __w::std::option::Option::Some(
                            __w::std::time::Duration::new(86400u64, 0u32),
                        ),
                    },
                    parent: __w::std::option::Option::None,
                    reads: __w::std::borrow::Cow::Borrowed(&[]),
                    line: __w::std::line!(),
                    code: 3610718907122363178u64,
                },
            ],
        ),
        place: __w::std::option::Option::Some(__enact::SourcePlace {
            file: __w::std::file!(),
            line: __w::std::line!(),
        }),
        code: 14018788795513986396u64,
    };
    __w::inventory::submit! {
        __w::Submitted(& __GRAPH)
    }
    type __Output = String;
    #[automatically_derived]
    impl __w::Workflow for Approve {
        const GRAPH: &'static __w::Graph = &__GRAPH;
        #[allow(unused_variables, unreachable_code, reason = "generated code")]
        async fn body<'__a>(
            &'__a self,
            __scope: &'__a __w::Scope<'__a>,
        ) -> __w::std::result::Result<__Output, __enact::Failure> {
            let __this = self;
            let order = &__this.order;
            let __received0 = match (
                __w::Subject::text(&((*order).to_string())),
                __w::Equals::picks(
                    &("ada"),
                    |__signal: &<__Type0 as __w::ASignal>::Itself| &__signal.by,
                ),
            ) {
                (__expected0, __expected1) => {
                    __scope
                        .wait::<
                            <__Type0 as __w::ASignal>::Itself,
                        >(
                            0u32,
                            __w::std::option::Option::Some(
                                __w::std::time::Duration::new(86400u64, 0u32),
                            ),
                            |__signal, __subject| {
                                true
                                    && __subject == __w::std::option::Option::Some(__expected0)
                                    && __expected1(__signal)
                            },
                        )
                        .await?
                }
            };
            let approval = &__received0;
            let __result: __Output = (*approval).note.clone();
            __w::std::result::Result::Ok(__result)
        }
    }
};
