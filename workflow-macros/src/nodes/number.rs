//! Numbers the nodes.

use crate::model::{Block, Choice, ParallelArm, Statement, Workflow};

/// Gives each node its place, in the order of the text.
pub(crate) fn number(workflow: &mut Workflow) {
    block(&mut workflow.body, &mut 0);
}

fn block(within: &mut Block, next: &mut usize) {
    for one in &mut within.statements {
        statement(one, next);
    }
}

fn statement(statement: &mut Statement, next: &mut usize) {
    let node = match statement {
        Statement::Step(step) => &mut step.node,
        Statement::Branch(branch) => &mut branch.node,
        Statement::Parallel(parallel) => &mut parallel.node,
        Statement::FanOut(fan_out) => &mut fan_out.node,
        Statement::Repeat(repeat) => &mut repeat.node,
        Statement::Sleep(sleep) => &mut sleep.node,
        Statement::Wait(wait) => &mut wait.node,
        Statement::Emit(emit) => &mut emit.node,
        Statement::Stop(stop) => &mut stop.node,
        Statement::Let(_) => return,
    };
    *node = *next;
    *next += 1;
    inside(statement, next);
}

fn inside(around: &mut Statement, next: &mut usize) {
    match around {
        Statement::Branch(branch) => match &mut branch.choice {
            Choice::Match { arms, .. } => {
                for arm in arms {
                    block(&mut arm.body, next);
                }
            }
            Choice::If {
                conditions,
                otherwise,
            } => {
                let bodies = conditions.iter_mut().map(|(_, _, body)| body);
                for body in bodies.chain(otherwise) {
                    block(body, next);
                }
            }
        },
        Statement::Parallel(parallel) => {
            for arm in &mut parallel.arms {
                match arm {
                    ParallelArm::One(one) => statement(one, next),
                    ParallelArm::Block { body, .. } => block(body, next),
                }
            }
        }
        Statement::FanOut(fan_out) => block(&mut fan_out.body, next),
        Statement::Repeat(repeat) => block(&mut repeat.body, next),
        Statement::Step(_)
        | Statement::Let(_)
        | Statement::Sleep(_)
        | Statement::Wait(_)
        | Statement::Emit(_)
        | Statement::Stop(_) => {}
    }
}
