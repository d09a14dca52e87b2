//! The graph as a constant.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;

use enact_macro_support::name::words;

use super::given::alias;
use super::small::{duration, option, policy};
use crate::model::{Branch, Choice, Modes, Statement, Step, Time, Workflow};
use crate::nodes::{NodeInfo, nodes, rest};
use crate::walk::{each, is_itself};

/// The name that registries know it by.
pub(super) fn name(workflow: &Workflow) -> String {
    match &workflow.keys.name {
        Some((name, _)) => name.clone(),
        None => words(&workflow.ident.unraw().to_string()),
    }
}

pub(super) fn graph(workflow: &Workflow) -> TokenStream {
    let (name, version) = (name(workflow), workflow.keys.version);
    let saga = workflow.keys.saga.is_some();
    let deadline = option(workflow.keys.deadline.as_ref().map(|(it, _)| duration(*it)));
    let line = quote_spanned! { workflow.ident.span()=> __w::std::line!() };
    let (nodes, code) = (all(workflow), rest(workflow));
    quote! {
        static __GRAPH: __w::Graph = __w::Graph {
            name: __w::std::borrow::Cow::Borrowed(#name),
            version: #version,
            saga: #saga,
            deadline: #deadline,
            nodes: __w::std::borrow::Cow::Borrowed(&[#nodes]),
            place: __w::std::option::Option::Some(
                __enact::SourcePlace { file: __w::std::file!(), line: #line }
            ),
            code: #code,
        };
        __w::inventory::submit! { __w::Submitted(&__GRAPH) }
    }
}

fn all(workflow: &Workflow) -> TokenStream {
    let mut kinds: Vec<TokenStream> = Vec::new();
    each(&workflow.body, &mut |statement| {
        kinds.extend(kind(workflow, statement));
    });
    let infos = nodes(workflow);
    infos
        .iter()
        .zip(kinds)
        .map(|(info, kind)| node(info, &kind))
        .collect()
}

fn node(info: &NodeInfo, kind: &TokenStream) -> TokenStream {
    let NodeInfo {
        path,
        parent,
        reads,
        code,
        span,
    } = info;
    let parent = option(parent.map(|(node, arm)| quote! { (#node, #arm) }));
    let line = quote_spanned! { *span=> __w::std::line!() };
    quote! {
        __w::Node {
            path: __w::std::borrow::Cow::Borrowed(#path),
            kind: __w::NodeKind::#kind,
            parent: #parent,
            reads: __w::std::borrow::Cow::Borrowed(&[#(#reads),*]),
            line: #line,
            code: #code,
        },
    }
}

fn kind(workflow: &Workflow, statement: &Statement) -> Option<TokenStream> {
    let kind = match statement {
        Statement::Let(_) => return None,
        Statement::Step(step) => action(workflow, step),
        Statement::Branch(branch) => {
            let arms = arms(branch);
            quote! {
                Branch {
                    arms: __w::std::borrow::Cow::Borrowed(
                        &[#(__w::std::borrow::Cow::Borrowed(#arms)),*]
                    ),
                }
            }
        }
        Statement::Parallel(parallel) => {
            let (arms, modes) = (parallel.arms.len(), modes(&parallel.modes));
            let arms = u32::try_from(arms).unwrap_or(u32::MAX);
            quote! { Parallel { arms: #arms, #modes } }
        }
        Statement::FanOut(fan_out) => {
            let (max, modes) = (fan_out.max, modes(&fan_out.modes));
            quote! { FanOut { max: #max, #modes } }
        }
        Statement::Repeat(repeat) => {
            let max = repeat.max;
            quote! { Repeat { max: #max } }
        }
        Statement::Sleep(sleep) => {
            let time = option(match &sleep.time {
                Time::Known(time, _) => Some(duration(*time)),
                Time::Computed(_) => None,
            });
            quote! { Sleep { time: #time } }
        }
        Statement::Wait(wait) => {
            let alias = alias(wait.node, &wait.signal);
            let timeout = option(wait.timeout.as_ref().map(|(time, _)| duration(*time)));
            quote! { Wait { signal: __w::std::borrow::Cow::Borrowed(__w::Of::<#alias>::SIGNAL), timeout: #timeout } }
        }
        Statement::Emit(emit) => {
            let alias = alias(emit.node, &emit.signal);
            quote! { Emit { signal: __w::std::borrow::Cow::Borrowed(__w::Of::<#alias>::SIGNAL) } }
        }
        Statement::Stop(_) => quote! { Stop },
    };
    Some(kind)
}

fn action(workflow: &Workflow, step: &Step) -> TokenStream {
    let alias = alias(step.node, &step.action);
    let (policy, pivot) = (policy(&alias, &step.with), step.pivot.is_some());
    // A graph that held itself would have no end.
    let graph = if is_itself(workflow, step) {
        option(None)
    } else {
        quote! { __w::Of::<#alias>::GRAPH }
    };
    quote! {
        Step {
            action: const { &__w::Of::<#alias>::SPEC },
            policy: *#policy,
            pivot: #pivot,
            graph: #graph,
        }
    }
}

fn modes(modes: &Modes) -> TokenStream {
    let (collect, spawn) = (modes.collect.is_some(), modes.spawn.is_some());
    quote! { collect: #collect, spawn: #spawn, }
}

/// The arms, as they are written.
fn arms(branch: &Branch) -> Vec<String> {
    match &branch.choice {
        Choice::Match { arms, .. } => arms
            .iter()
            .map(|arm| match &arm.guard {
                None => written(&arm.pattern.to_token_stream()),
                Some(guard) => format!(
                    "{} if {}",
                    written(&arm.pattern.to_token_stream()),
                    written(&guard.to_token_stream())
                ),
            })
            .collect(),
        Choice::If {
            conditions,
            otherwise,
        } => {
            let mut arms: Vec<String> = conditions
                .iter()
                .enumerate()
                .map(|(index, (_, condition, _))| {
                    let or = if index == 0 { "if" } else { "else if" };
                    format!("{or} {}", written(&condition.to_token_stream()))
                })
                .collect();
            arms.extend(otherwise.as_ref().map(|_| "else".to_owned()));
            arms
        }
    }
}

/// Tokens as people write them, more or less.
fn written(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let tight = [
        (" :: ", "::"),
        (" . ", "."),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
    ];
    tight
        .iter()
        .fold(text, |text, (loose, tight)| text.replace(loose, tight))
}
