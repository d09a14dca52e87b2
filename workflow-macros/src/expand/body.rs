//! The body of a workflow: straight async Rust, statement by statement.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Ident;

use super::env::{Env, Kind};
use super::given::{action, alias};
use super::graph::name;
use super::{branch, fan_out, local, numbered, parallel, scope, small};
use crate::model::{Block, OnCancel, Statement, Step, Workflow};

/// The `impl Workflow`'s method with all the steps.
pub(super) fn body(workflow: &Workflow) -> TokenStream {
    let (ident, output) = (&workflow.ident, &workflow.output);
    let (this, scope) = (local("__this"), scope());
    let mut env = Env::of(workflow);
    let params = workflow.params.iter().map(|param| {
        let name = &param.ident;
        env.add(name, Kind::Behind);
        quote! { let #name = &#this.#name; }
    });
    let params: TokenStream = params.collect();
    let block = answered(&workflow.body, &mut env, Answer::Whole);
    let leave = match &workflow.keys.on_cancel {
        Some((OnCancel::Leave, _)) => quote! { const LEAVES_CANCELLED: bool = true; },
        Some((OnCancel::Undo, _)) | None => TokenStream::new(),
    };
    quote! {
        type __Output = #output;

        #[automatically_derived]
        impl __w::Workflow for #ident {
            const GRAPH: &'static __w::Graph = &__GRAPH;
            #leave

            #[allow(unused_variables, unreachable_code, reason = "generated code")]
            async fn body<'__a>(
                &'__a self,
                #scope: &'__a __w::Scope<'__a>,
            ) -> __w::std::result::Result<__Output, __enact::Failure> {
                let #this = self;
                #params
                #block
            }
        }
    }
}

/// Of a faulty workflow: it has no steps and never runs.
pub(super) fn fallback(workflow: &Workflow) -> TokenStream {
    let (ident, name) = (&workflow.ident, name(workflow));
    quote! {
        impl __w::Workflow for #ident {
            const GRAPH: &'static __w::Graph = &__w::Graph {
                name: __w::std::borrow::Cow::Borrowed(#name),
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
    }
}

/// What becomes of a block's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is the workflow's: `Ok`, of the workflow's output.
    Whole,
    /// It is an arm's: `Ok`, of whatever type.
    Arm,
    /// It is a value.
    Value,
}

/// The statements of a block, and its answer.
pub(super) fn answered(block: &Block, env: &mut Env, answer: Answer) -> TokenStream {
    let statements: TokenStream = block
        .statements
        .iter()
        .map(|statement| self::statement(statement, env))
        .collect();
    let value = match &block.answer {
        Some(value) => env.value(value),
        None if stops(block) => return statements,
        None => quote_spanned! { block.end=> () },
    };
    let (result, output) = (local("__result"), env.output());
    match answer {
        Answer::Value => quote! { #statements #value },
        Answer::Arm => quote! {
            #statements
            let #result = #value;
            __w::std::result::Result::Ok::<_, __enact::Failure>(#result)
        },
        Answer::Whole => quote! {
            #statements
            let #result: #output = #value;
            __w::std::result::Result::Ok(#result)
        },
    }
}

/// Whether the block ends with a `stop`, so that nothing is answered behind it.
fn stops(block: &Block) -> bool {
    matches!(block.statements.last(), Some(Statement::Stop(_)))
}

pub(super) fn statement(statement: &Statement, env: &mut Env) -> TokenStream {
    match statement {
        Statement::Step(step) => self::step(step, env),
        Statement::Branch(branch) => branch::statement(branch, env),
        Statement::Parallel(parallel) => parallel::statement(parallel, env),
        Statement::FanOut(fan_out) => fan_out::statement(fan_out, env),
        Statement::Repeat(repeat) => small::repeat(repeat, env),
        Statement::Let(binding) => small::binding(binding, env),
        Statement::Sleep(sleep) => small::sleep(sleep, env),
        Statement::Wait(wait) => small::wait(wait, env),
        Statement::Emit(emit) => small::emit(emit, env),
        Statement::Stop(stop) => small::stop(stop, env),
    }
}

fn step(step: &Step, env: &mut Env) -> TokenStream {
    let (held, run) = (numbered("__held", step.node), held(step, env));
    let pivot = step.pivot.as_ref().map(|_| {
        let scope = scope();
        quote! { #scope.pivot(); }
    });
    match &step.name {
        None => quote! { #run; #pivot },
        Some(name) => {
            env.add(name, Kind::Behind);
            quote! {
                let #held = #run;
                #pivot
                let #name = #held.output();
            }
        }
    }
}

/// Runs a step and holds its output.
pub(super) fn held(step: &Step, env: &Env) -> TokenStream {
    let (scope, node) = (scope(), node(step.node));
    let alias = alias(step.node, &step.action);
    let action = action(&alias, &step.given, env);
    let policy = small::policy(&alias, &step.with);
    let call = quote_spanned! { alias.span()=> #scope.step(#node, #action, #policy) };
    quote! { #call.await? }
}

pub(super) fn node(node: usize) -> TokenStream {
    let node = u32::try_from(node).unwrap_or(u32::MAX);
    node.to_token_stream()
}

/// Binds a name to what is behind `value`, or drops it where there is none.
pub(super) fn bind(name: Option<&Ident>, value: &TokenStream, env: &mut Env) -> TokenStream {
    match name {
        None => quote! { #value; },
        Some(name) => {
            env.add(name, Kind::Plain);
            quote! { let #name = #value; }
        }
    }
}
