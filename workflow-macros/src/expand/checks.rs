//! What only types show: constants that are asserted on the tokens of the step.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::given::alias;
use super::small::{duration, policy};
use super::uses::{all_read, uses_after};
use crate::model::{Given, Parallel, ParallelArm, Statement, Step, Workflow};
use crate::walk::{Inside, each, is_itself, steps};
use enact_macro_support::keys::bare;
use enact_macro_support::nearest::nearest;

pub(super) fn checks(workflow: &Workflow) -> TokenStream {
    let mut tokens = TokenStream::new();
    let steps = steps(&workflow.body);
    for step in &steps {
        tokens.extend(retried(step));
        tokens.extend(in_time(workflow, step));
        tokens.extend(literals(step));
        if !is_itself(workflow, step) {
            tokens.extend(read(workflow, step));
        }
    }
    if workflow.keys.saga.is_some() {
        tokens.extend(saga(workflow, &steps));
    }
    each(&workflow.body, &mut |statement| {
        if let Statement::Parallel(parallel) = statement {
            tokens.extend(races(parallel));
        }
    });
    tokens
}

/// An assertion about the action of a step, whose whole call stands on `span`.
fn assert(step: &Step, span: Span, check: &str, arguments: &TokenStream) -> TokenStream {
    let alias = alias(step.node, &step.action);
    let check = Ident::new(check, span);
    let spec = quote! { &__w::Of::<#alias>::SPEC };
    let call = quote! { (#spec, #arguments) };
    let call = spanned(call, span);
    quote_spanned! { span=> const _: () = __w::check::#check #call; }
}

/// The tokens, each on that span.
fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let proc_macro2::TokenTree::Group(group) = &token {
                let inner = spanned(group.stream(), span);
                let mut group = proc_macro2::Group::new(group.delimiter(), inner);
                group.set_span(span);
                return group.into();
            }
            token.set_span(span);
            token
        })
        .collect()
}

fn action_span(step: &Step) -> Span {
    alias(step.node, &step.action).span()
}

fn retried(step: &Step) -> Option<TokenStream> {
    let (_, key) = step.with.retry.as_ref()?;
    Some(assert(
        step,
        key.name.span(),
        "retried",
        &TokenStream::new(),
    ))
}

fn in_time(workflow: &Workflow, step: &Step) -> Option<TokenStream> {
    let (deadline, _) = workflow.keys.deadline.as_ref()?;
    let alias = alias(step.node, &step.action);
    let (policy, deadline) = (policy(&alias, &step.with), duration(*deadline));
    Some(assert(
        step,
        action_span(step),
        "in_time",
        &quote! { #policy, #deadline },
    ))
}

/// A step that only reads, and whose output nobody takes.
fn read(workflow: &Workflow, step: &Step) -> Option<TokenStream> {
    let taken = match &step.name {
        None => false,
        Some(name) => {
            name.to_string().starts_with('_')
                || uses_after(workflow, name)
                || is_meant(workflow, name)
        }
    };
    (!taken).then(|| assert(step, action_span(step), "is_read", &TokenStream::new()))
}

/// Whether a name that nothing makes is probably a slip of this one, which rustc tells of.
fn is_meant(workflow: &Workflow, name: &Ident) -> bool {
    let name = name.to_string();
    let unknown = all_read(workflow).into_iter().filter(|read| {
        let made = steps(&workflow.body)
            .into_iter()
            .filter_map(|step| step.name.as_ref());
        let params = workflow.params.iter().map(|param| &param.ident);
        !made.chain(params).any(|made| made == read)
    });
    let mut slips = unknown.map(|read| read.to_string());
    slips.any(|read| nearest(&read, [name.as_str()]).is_some())
}

fn saga(workflow: &Workflow, steps: &[&Step]) -> TokenStream {
    let pivot = steps
        .iter()
        .find(|step| step.pivot.is_some())
        .map(|step| step.node);
    steps
        .iter()
        .filter(|step| !is_itself(workflow, step))
        .filter(|step| step.pivot.is_none())
        .map(|step| {
            let check = match pivot {
                Some(pivot) if step.node > pivot => "after_the_pivot",
                _ => "before_the_pivot",
            };
            assert(step, action_span(step), check, &TokenStream::new())
        })
        .collect()
}

/// Each arm's steps against those of the arms before it.
fn races(parallel: &Parallel) -> TokenStream {
    let mut before: Vec<&Step> = Vec::new();
    let mut tokens = TokenStream::new();
    for arm in &parallel.arms {
        let arm = of_arm(arm);
        let others = before.iter().map(|step| {
            let alias = alias(step.node, &step.action);
            quote! { &__w::Of::<#alias>::SPEC }
        });
        let others = quote! { &[#(#others),*] };
        if !before.is_empty() {
            for step in &arm {
                tokens.extend(assert(step, action_span(step), "no_race", &others));
            }
        }
        before.extend(arm);
    }
    tokens
}

fn of_arm(arm: &ParallelArm) -> Vec<&Step> {
    match arm {
        ParallelArm::Block { body, .. } => steps(body),
        ParallelArm::One(Statement::Step(step)) => vec![step],
        ParallelArm::One(other) => crate::walk::inside(other)
            .into_iter()
            .flat_map(|inside| match inside {
                Inside::Block(block) => steps(block),
                Inside::One(Statement::Step(step)) => vec![step],
                Inside::One(_) => Vec::new(),
            })
            .collect(),
    }
}

/// Params that are written as literals, against the rules of their fields.
fn literals(step: &Step) -> TokenStream {
    let Given::Fields(fields, _) = &step.given else {
        return TokenStream::new();
    };
    fields
        .iter()
        .filter_map(|field| {
            let literal = literal(&field.value)?;
            let name = field.member.to_string();
            let name = name.strip_prefix("r#").unwrap_or(&name);
            let alias = alias(step.node, &step.action);
            let span = field.value.span();
            let arguments = spanned(
                quote! { (__w::Of::<#alias>::LIMITS, #name, #literal) },
                span,
            );
            Some(quote_spanned! { span=> const _: () = __w::check::literal #arguments; })
        })
        .collect()
}

fn literal(expr: &Expr) -> Option<TokenStream> {
    match bare(expr) {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Int(int) => {
                let value = int.base10_parse::<i128>().ok()?;
                Some(quote! { __w::Literal::Int(#value) })
            }
            Lit::Float(float) => {
                let value = float.base10_parse::<f64>().ok()?;
                Some(quote! { __w::Literal::Float(#value) })
            }
            Lit::Str(text) => {
                let text = text.value();
                Some(quote! { __w::Literal::Text(#text) })
            }
            _ => None,
        },
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => {
            let inner = literal(expr)?;
            Some(quote! { #inner.negative() })
        }
        // `"text".to_owned()` and its like, and `Some(…)`.
        Expr::MethodCall(call)
            if call.args.is_empty()
                && ["to_owned", "to_string", "into"].contains(&&*call.method.to_string()) =>
        {
            match bare(&call.receiver) {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(_), ..
                }) => literal(&call.receiver),
                _ => None,
            }
        }
        Expr::Call(call) if call.args.len() == 1 => {
            let function = call.func.to_token_stream().to_string().replace(' ', "");
            match &*function {
                "Some" | "String::from" => literal(&call.args[0]),
                _ => None,
            }
        }
        _ => None,
    }
}
