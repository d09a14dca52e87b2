//! Walks through all blocks and statements, in the order of the text.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::Expr;

use crate::model::{Block, Choice, Given, ParallelArm, Statement, Time};

/// One thing on the way.
#[derive(Clone, Copy)]
pub(super) enum Item<'w> {
    Block(&'w Block),
    Statement(&'w Statement),
}

/// Sees each block and statement, with the statements around it, the innermost last.
pub(super) fn walk<'w>(body: &'w Block, see: &mut dyn FnMut(Item<'w>, &[&'w Statement])) {
    block(body, &mut Vec::new(), see);
}

fn block<'w>(
    body: &'w Block,
    around: &mut Vec<&'w Statement>,
    see: &mut dyn FnMut(Item<'w>, &[&'w Statement]),
) {
    see(Item::Block(body), around);
    for one in &body.statements {
        statement(one, around, see);
    }
}

fn statement<'w>(
    one: &'w Statement,
    around: &mut Vec<&'w Statement>,
    see: &mut dyn FnMut(Item<'w>, &[&'w Statement]),
) {
    see(Item::Statement(one), around);
    around.push(one);
    if let Statement::Parallel(parallel) = one {
        for arm in &parallel.arms {
            match arm {
                ParallelArm::One(one) => statement(one, around, see),
                ParallelArm::Block { body, .. } => block(body, around, see),
            }
        }
    }
    for body in one.bodies() {
        block(body, around, see);
    }
    around.pop();
}

impl Statement {
    /// The blocks inside, but the arms of a parallel block.
    pub(super) fn bodies(&self) -> Vec<&Block> {
        match self {
            Self::Branch(branch) => match &branch.choice {
                Choice::Match { arms, .. } => arms.iter().map(|arm| &arm.body).collect(),
                Choice::If {
                    conditions,
                    otherwise,
                } => {
                    let bodies = conditions.iter().map(|(_, _, body)| body);
                    bodies.chain(otherwise).collect()
                }
            },
            Self::FanOut(fan_out) => vec![&fan_out.body],
            Self::Repeat(repeat) => vec![&repeat.body],
            Self::Step(_)
            | Self::Parallel(_)
            | Self::Let(_)
            | Self::Sleep(_)
            | Self::Wait(_)
            | Self::Emit(_)
            | Self::Stop(_) => Vec::new(),
        }
    }

    /// The word it begins with.
    pub(super) fn keyword(&self) -> TokenStream {
        match self {
            Self::Step(step) => step.keyword.to_token_stream(),
            Self::Branch(branch) => branch.keyword.to_token_stream(),
            Self::Parallel(parallel) => parallel.keyword.to_token_stream(),
            Self::FanOut(fan_out) => fan_out.keyword.to_token_stream(),
            Self::Repeat(repeat) => repeat.keyword.to_token_stream(),
            Self::Let(binding) => binding.token.to_token_stream(),
            Self::Sleep(sleep) => sleep.keyword.to_token_stream(),
            Self::Wait(wait) => wait.keyword.to_token_stream(),
            Self::Emit(emit) => emit.keyword.to_token_stream(),
            Self::Stop(stop) => stop.keyword.to_token_stream(),
        }
    }

    /// Its own expressions, not those of the statements inside.
    pub(super) fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Step(step) => step.given.exprs(),
            Self::Branch(branch) => match &branch.choice {
                Choice::Match { value, arms, .. } => {
                    let guards = arms.iter().filter_map(|arm| arm.guard.as_ref());
                    [value].into_iter().chain(guards).collect()
                }
                Choice::If { conditions, .. } => conditions.iter().map(|(_, it, _)| it).collect(),
            },
            Self::Parallel(_) => Vec::new(),
            Self::FanOut(fan_out) => vec![&fan_out.items],
            Self::Repeat(repeat) => vec![&repeat.until],
            Self::Let(binding) => vec![&binding.value],
            Self::Sleep(sleep) => match &sleep.time {
                Time::Known(..) => Vec::new(),
                Time::Computed(expr) => vec![expr],
            },
            Self::Wait(wait) => wait.conditions.iter().map(|it| &it.value).collect(),
            Self::Emit(emit) => {
                let mut exprs = emit.given.exprs();
                exprs.extend(&emit.subject);
                exprs
            }
            Self::Stop(stop) => stop.answer.iter().collect(),
        }
    }
}

impl Given {
    /// The values that are given.
    pub(super) fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Fields(fields, base) => fields.iter().map(|it| &it.value).chain(base).collect(),
            Self::Call(_, values) => values.iter().collect(),
            Self::Unit => Vec::new(),
        }
    }
}
