//! What the macro prints, as `expand::tests` has it.

::core::compile_error! {
    "a pivot divides what a saga undoes from what it finishes: write `#[workflow(saga)]`, or take `pivot` out"
}
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
    impl __enact::Run for Ship {
        type Output = String;
        async fn run(
            &self,
            _: &__enact::Context,
        ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
            __w::std::unreachable!()
        }
    }
    static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label("ship")];
    static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);
    impl __enact::Action for Ship {
        const SPEC: __enact::Spec = __enact::Spec::new(
            "ship",
            "",
            __enact::SourcePlace {
                file: __w::std::file!(),
                line: __w::std::line!(),
            },
            __enact::Telemetry::new(&__RUNNING),
        );
    }
    impl __w::Workflow for Ship {
        const GRAPH: &'static __w::Graph = &__w::Graph {
            name: __w::std::borrow::Cow::Borrowed("ship"),
            version: 1,
            saga: false,
            deadline: __w::std::option::Option::None,
            nodes: __w::std::borrow::Cow::Borrowed(&[]),
            place: __w::std::option::Option::None,
            code: 0,
        };
        async fn body<'__a>(
            &'__a self,
            _: &'__a __w::Scope<'__a>,
        ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
            __w::std::unreachable!()
        }
    }
};
