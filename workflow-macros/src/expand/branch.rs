//! `branch`: a `match` or an `if`, each arm telling that it is taken.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr};

use enact_macro_support::keys::bare;

use super::body::{self, Answer, answered, node};
use super::env::{Env, Kind};
use super::scope;
use crate::model::{Arm, Block, Branch, Choice};
use crate::names;

pub(super) fn statement(branch: &Branch, env: &mut Env) -> TokenStream {
    let value = value(branch, env);
    body::bind(branch.name.as_ref(), &value, env)
}

/// The branch as an expression.
pub(super) fn value(branch: &Branch, env: &Env) -> TokenStream {
    match &branch.choice {
        Choice::Match { token, value, arms } => {
            let (looked_at, kind) = if binds(arms) {
                env.looked_at(value)
            } else {
                // Nothing is moved, and rustc speaks of the type itself.
                (env.expr(value), Kind::Plain)
            };
            let arms = arms.iter().enumerate().map(|(index, arm)| {
                let mut inside = env.clone();
                inside.add_pattern(&arm.pattern, kind);
                of_match(branch, index, arm, &mut inside)
            });
            let arms = quote_spanned! { token.span()=> { #(#arms)* } };
            quote! { #token #looked_at #arms }
        }
        Choice::If {
            conditions,
            otherwise,
        } => {
            let mut tokens = TokenStream::new();
            for (index, (token, condition, block)) in conditions.iter().enumerate() {
                let mut inside = env.clone();
                let condition = self::condition(condition, &mut inside);
                let end = block.end;
                let block = taken(branch, index, block, &mut inside);
                let or = (index > 0).then(|| quote! { else });
                let block = braced(block, end);
                tokens.extend(quote! { #or #token #condition #block });
            }
            if let Some(block) = otherwise {
                let end = block.end;
                let block = taken(branch, conditions.len(), block, &mut env.clone());
                let block = braced(block, end);
                tokens.extend(quote! { else #block });
            }
            tokens
        }
    }
}

fn binds(arms: &[Arm]) -> bool {
    arms.iter()
        .any(|arm| !names::bound(&arm.pattern).is_empty())
}

/// The block, ending where the user has ended it.
fn braced(block: TokenStream, end: Span) -> TokenStream {
    let mut group = Group::new(Delimiter::Brace, block);
    group.set_span(end);
    group.into_token_stream()
}

fn of_match(branch: &Branch, index: usize, arm: &Arm, env: &mut Env) -> TokenStream {
    let pattern = &arm.pattern;
    let guard = arm.guard.as_ref().map(|guard| {
        let guard = env.expr(guard);
        quote! { if #guard }
    });
    let block = taken(branch, index, &arm.body, env);
    quote! { #pattern #guard => { #block } }
}

fn taken(branch: &Branch, index: usize, block: &Block, env: &mut Env) -> TokenStream {
    let (scope, at, arm) = (scope(), node(branch.node), node(index));
    let block = answered(block, env, Answer::Value);
    quote! { #scope.branch(#at, #arm).await?; #block }
}

/// A condition; what its `let`s bind is in sight from there on.
fn condition(expr: &Expr, env: &mut Env) -> TokenStream {
    match bare(expr) {
        Expr::Let(binding) => {
            let (token, pattern) = (&binding.let_token, &binding.pat);
            let (value, kind) = env.looked_at(&binding.expr);
            env.add_pattern(pattern, kind);
            quote! { #token #pattern = #value }
        }
        Expr::Binary(both) if matches!(both.op, BinOp::And(_)) => {
            let (left, op) = (condition(&both.left, env), both.op.to_token_stream());
            let right = condition(&both.right, env);
            quote! { #left #op #right }
        }
        _ => env.expr(expr),
    }
}
