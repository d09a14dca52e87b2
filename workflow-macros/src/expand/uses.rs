//! Which of the names in sight a part of the body reads.

use syn::{Expr, Ident};

use super::env::Env;
use crate::model::{Block, Choice, Given, Statement, Time, Workflow};
use crate::names;
use crate::walk::{Inside, each};

/// The names in sight that the part reads, each once, with the spans that they were made with.
pub(super) fn uses(part: &Inside<'_>, env: &Env) -> Vec<Ident> {
    let mut read: Vec<Ident> = Vec::new();
    let mut see = |expr: &Expr| read.extend(names::free(expr));
    match part {
        Inside::Block(block) => self::block(block, &mut see),
        Inside::One(statement) => one(statement, &mut see),
    }
    let sight = env.in_sight().into_iter().map(|(name, _)| name);
    sight.filter(|name| read.contains(name)).collect()
}

fn block(block: &Block, see: &mut dyn FnMut(&Expr)) {
    each(block, &mut |statement| own(statement, see));
    block.answer.iter().for_each(&mut *see);
}

fn one(statement: &Statement, see: &mut dyn FnMut(&Expr)) {
    own(statement, see);
    for inside in crate::walk::inside(statement) {
        match inside {
            Inside::Block(inner) => block(inner, see),
            Inside::One(inner) => one(inner, see),
        }
    }
}

/// The expressions of a statement, and the answers of the blocks in it.
fn own(statement: &Statement, see: &mut dyn FnMut(&Expr)) {
    for inside in crate::walk::inside(statement) {
        if let Inside::Block(block) = inside {
            block.answer.iter().for_each(&mut *see);
        }
    }
    match statement {
        Statement::Step(step) => given(&step.given, see),
        Statement::Branch(branch) => choice(&branch.choice, see),
        Statement::Parallel(_) => {}
        Statement::FanOut(fan_out) => see(&fan_out.items),
        Statement::Repeat(repeat) => see(&repeat.until),
        Statement::Let(binding) => see(&binding.value),
        Statement::Sleep(sleep) => match &sleep.time {
            Time::Known(..) => {}
            Time::Computed(expr) => see(expr),
        },
        Statement::Wait(wait) => wait.conditions.iter().for_each(|it| see(&it.value)),
        Statement::Emit(emit) => {
            given(&emit.given, see);
            emit.subject.iter().for_each(see);
        }
        Statement::Stop(stop) => stop.answer.iter().for_each(see),
    }
}

fn given(given: &Given, see: &mut dyn FnMut(&Expr)) {
    match given {
        Given::Fields(fields, base) => {
            for field in fields {
                see(&field.value);
            }
            base.iter().for_each(see);
        }
        Given::Call(_, values) => values.iter().for_each(see),
        Given::Unit => {}
    }
}

fn choice(choice: &Choice, see: &mut dyn FnMut(&Expr)) {
    match choice {
        Choice::Match { value, arms, .. } => {
            see(value);
            arms.iter()
                .filter_map(|arm| arm.guard.as_ref())
                .for_each(see);
        }
        Choice::If { conditions, .. } => {
            for (_, condition, _) in conditions {
                see(condition);
            }
        }
    }
}

/// Whether anything in the workflow reads that name.
pub(super) fn uses_after(workflow: &Workflow, name: &Ident) -> bool {
    all_read(workflow).contains(name)
}

/// All names that expressions of the workflow read.
pub(super) fn all_read(workflow: &Workflow) -> Vec<Ident> {
    let mut read = Vec::new();
    block(&workflow.body, &mut |expr| read.extend(names::free(expr)));
    read
}
