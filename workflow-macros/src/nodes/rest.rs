//! The digest of the code that belongs to no node.

use super::digest::Digest;
use crate::model::{Block, Choice, ParallelArm, Statement, Workflow};

/// A digest of lets, answers, early answers, and the types of the params and of the answer.
pub(crate) fn rest(workflow: &Workflow) -> u64 {
    let mut digest = Digest::new();
    for param in &workflow.params {
        digest.add(&param.ident).add(&param.ty);
    }
    digest.add(&workflow.output);
    block(&workflow.body, &mut digest);
    digest.done()
}

fn block(within: &Block, digest: &mut Digest) {
    for one in &within.statements {
        statement(one, digest);
    }
    digest.add(&within.answer);
}

fn statement(one: &Statement, digest: &mut Digest) {
    match one {
        Statement::Let(binding) => {
            digest.add(&binding.pattern).add(&binding.ty);
            digest.add(&binding.value);
        }
        Statement::Stop(stop) => {
            digest.add(&stop.answer);
        }
        Statement::Branch(branch) => match &branch.choice {
            Choice::Match { arms, .. } => {
                for arm in arms {
                    block(&arm.body, digest);
                }
            }
            Choice::If {
                conditions,
                otherwise,
            } => {
                let bodies = conditions.iter().map(|(_, _, body)| body);
                for body in bodies.chain(otherwise) {
                    block(body, digest);
                }
            }
        },
        Statement::Parallel(parallel) => {
            for arm in &parallel.arms {
                match arm {
                    ParallelArm::One(one) => statement(one, digest),
                    ParallelArm::Block { body, .. } => block(body, digest),
                }
            }
        }
        Statement::FanOut(fan_out) => block(&fan_out.body, digest),
        Statement::Repeat(repeat) => block(&repeat.body, digest),
        Statement::Step(_) | Statement::Sleep(_) | Statement::Wait(_) | Statement::Emit(_) => {}
    }
}
