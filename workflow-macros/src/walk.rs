//! The statements of a workflow, those inside others included.

use syn::{Type, TypePath};

use crate::model::{Block, Choice, ParallelArm, Statement, Step, Workflow};

/// Shows every statement, in the order of the text, each before those inside of it.
pub(crate) fn each<'a>(block: &'a Block, see: &mut dyn FnMut(&'a Statement)) {
    for statement in &block.statements {
        one(statement, see);
    }
}

fn one<'a>(statement: &'a Statement, see: &mut dyn FnMut(&'a Statement)) {
    see(statement);
    for block in inside(statement) {
        match block {
            Inside::Block(block) => each(block, see),
            Inside::One(statement) => one(statement, see),
        }
    }
}

/// What a statement has inside of it, one part for each arm.
pub(crate) enum Inside<'a> {
    Block(&'a Block),
    One(&'a Statement),
}

/// The arms of a statement, or its body.
pub(crate) fn inside(statement: &Statement) -> Vec<Inside<'_>> {
    match statement {
        Statement::Branch(branch) => match &branch.choice {
            Choice::Match { arms, .. } => arms.iter().map(|arm| Inside::Block(&arm.body)).collect(),
            Choice::If {
                conditions,
                otherwise,
            } => {
                let conditions = conditions.iter().map(|(_, _, block)| block);
                conditions.chain(otherwise).map(Inside::Block).collect()
            }
        },
        Statement::Parallel(parallel) => parallel.arms.iter().map(arm).collect(),
        Statement::FanOut(fan_out) => vec![Inside::Block(&fan_out.body)],
        Statement::Repeat(repeat) => vec![Inside::Block(&repeat.body)],
        Statement::Step(_)
        | Statement::Let(_)
        | Statement::Sleep(_)
        | Statement::Wait(_)
        | Statement::Emit(_)
        | Statement::Stop(_) => Vec::new(),
    }
}

fn arm(arm: &ParallelArm) -> Inside<'_> {
    match arm {
        ParallelArm::One(statement) => Inside::One(statement),
        ParallelArm::Block { body, .. } => Inside::Block(body),
    }
}

/// Whether a step runs the workflow that it is in; a longer path leads to another action, which may
/// have the same name.
pub(crate) fn is_itself(workflow: &Workflow, step: &Step) -> bool {
    match &step.action {
        Type::Path(TypePath {
            qself: None, path, ..
        }) => path.is_ident(&workflow.ident) || path.is_ident("Self"),
        _ => false,
    }
}

/// Every step.
pub(crate) fn steps(block: &Block) -> Vec<&Step> {
    let mut steps = Vec::new();
    each(block, &mut |statement| {
        if let Statement::Step(step) = statement {
            steps.push(step);
        }
    });
    steps
}

/// Every signal that is waited for or sent, by its node.
pub(crate) fn signals(block: &Block) -> Vec<(usize, &Type)> {
    let mut signals = Vec::new();
    each(block, &mut |statement| match statement {
        Statement::Wait(wait) => signals.push((wait.node, &wait.signal)),
        Statement::Emit(emit) => signals.push((emit.node, &emit.signal)),
        _ => {}
    });
    signals
}
