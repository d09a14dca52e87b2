//! The workflow as an action: what it says of itself, how it runs, where it is known.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::given::alias;
use super::graph::name;
use super::small::{duration, option, retry};
use crate::model::{Statement, Workflow};
use crate::walk::{each, is_itself, steps};

pub(super) fn action(workflow: &Workflow) -> TokenStream {
    let (ident, output, version) = (&workflow.ident, &workflow.output, workflow.keys.version);
    let spec = spec(workflow);
    let recursive = steps(&workflow.body)
        .iter()
        .any(|step| is_itself(workflow, step));
    let run = if recursive {
        quote! { __boxed(self, cx).await }
    } else {
        quote! { __w::run(self, cx).await }
    };
    let boxed = recursive.then(|| boxed(workflow));
    quote! {
        #[automatically_derived]
        impl __enact::Run for #ident {
            type Output = #output;

            async fn run(
                &self,
                cx: &__enact::Context,
            ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
                #run
            }
        }

        #boxed

        #spec

        static __ENTRY: __enact::Entry = __enact::Entry::of_workflow::<#ident>(#version);
        __w::inventory::submit! { __enact::Submitted(&__ENTRY) }
    }
}

/// The run of a workflow that runs itself, under a type that does not hold itself.
fn boxed(workflow: &Workflow) -> TokenStream {
    let (ident, output) = (&workflow.ident, &workflow.output);
    quote! {
        fn __boxed<'__a>(
            workflow: &'__a #ident,
            cx: &'__a __enact::Context,
        ) -> __enact::BoxFuture<'__a, __w::std::result::Result<#output, __enact::Failure>> {
            __w::std::boxed::Box::pin(__w::run(workflow, cx))
        }
    }
}

/// An action with the workflow's name that never runs.
pub(super) fn fallback(workflow: &Workflow) -> TokenStream {
    let (ident, output, name) = (&workflow.ident, &workflow.output, name(workflow));
    quote! {
        impl __enact::Run for #ident {
            type Output = #output;

            async fn run(
                &self,
                _: &__enact::Context,
            ) -> __w::std::result::Result<Self::Output, __enact::Failure> {
                __w::std::unreachable!()
            }
        }

        static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label(#name)];
        static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);

        impl __enact::Action for #ident {
            const SPEC: __enact::Spec = __enact::Spec::new(
                #name,
                "",
                __enact::SourcePlace { file: __w::std::file!(), line: __w::std::line!() },
                __enact::Telemetry::new(&__RUNNING),
            );
        }
    }
}

fn spec(workflow: &Workflow) -> TokenStream {
    let (ident, name) = (&workflow.ident, name(workflow));
    let std = quote! { __w::std };
    let description = workflow.description.as_ref().map(|words| words.expr(&std));
    let line = quote_spanned! { ident.span()=> __w::std::line!() };
    let keys = keys(workflow);
    quote! {
        static __LABELS: [__enact::Label; 1] = [__enact::Telemetry::label(#name)];
        static __RUNNING: __enact::Key = __enact::Telemetry::running(&__LABELS);

        #[automatically_derived]
        impl __enact::Action for #ident {
            const SPEC: __enact::Spec = {
                let mut spec = __enact::Spec::new(
                    #name,
                    #description,
                    __enact::SourcePlace { file: __w::std::file!(), line: #line },
                    __enact::Telemetry::new(&__RUNNING),
                );
                spec.ends_itself = true;
                #keys
                spec
            };
        }
    }
}

fn keys(workflow: &Workflow) -> TokenStream {
    let keys = &workflow.keys;
    let version = keys.version.to_string();
    let mut tokens = quote! { spec.version = __w::std::option::Option::Some(#version); };
    for (key, text) in [("title", &keys.title), ("category", &keys.category)] {
        if let Some(text) = text {
            let (key, text) = (
                quote::format_ident!("{key}"),
                option(Some(quote! { #text })),
            );
            tokens.extend(quote! { spec.#key = #text; });
        }
    }
    if !keys.tags.is_empty() {
        let tags = &keys.tags;
        tokens.extend(quote! { spec.tags = &[#(#tags),*]; });
    }
    if let Some((deadline, _)) = &keys.deadline {
        let deadline = option(Some(duration(*deadline)));
        tokens.extend(quote! { spec.policy.deadline = #deadline; });
    }
    if let Some((undo_retry, _)) = &keys.undo_retry {
        let undo_retry = option(Some(retry(undo_retry)));
        tokens.extend(quote! { spec.policy.undo_retry = #undo_retry; });
    }
    tokens.extend(of_steps(workflow));
    tokens
}

/// What follows from the steps: the effect, what is written, whether it can be undone.
fn of_steps(workflow: &Workflow) -> TokenStream {
    let steps = steps(&workflow.body);
    let others = steps.iter().filter(|step| !is_itself(workflow, step));
    let specs: Vec<TokenStream> = others
        .map(|step| {
            let alias = alias(step.node, &step.action);
            quote! { &__w::Of::<#alias>::SPEC }
        })
        .collect();
    let signals = uses_signals(workflow);
    let pivots = steps.iter().any(|step| step.pivot.is_some());
    let undo = workflow.keys.saga.is_some() && !pivots;
    let needs = signals.then(|| {
        quote! { spec.needs = &[__enact::Need::of::<__w::Signals>()]; }
    });
    quote! {
        const __SPECS: &[&__enact::Spec] = &[#(#specs),*];
        const __WRITES: [&str; __w::check::count_writes(__SPECS)] = __w::check::writes(__SPECS);
        spec.effect = __w::check::effect(__SPECS, #signals);
        spec.writes = &__WRITES;
        spec.steps = __SPECS;
        spec.confirm = __w::check::confirm(__SPECS);
        spec.undo = #undo;
        #needs
    }
}

fn uses_signals(workflow: &Workflow) -> bool {
    let mut uses = false;
    each(&workflow.body, &mut |statement| {
        uses |= matches!(statement, Statement::Wait(_) | Statement::Emit(_));
    });
    uses
}
