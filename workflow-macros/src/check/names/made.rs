//! The names that statements make, and where.

use proc_macro2::Ident;

use crate::model::{Block, ParallelArm, Statement, Workflow};
use crate::names::bound;

/// Where something stands: what is around it, the outermost first.
pub(super) type Place = Vec<Around>;

/// One arm around a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    pub(super) kind: Kind,
    /// The node, and which arm of it.
    pub(super) node: usize,
    pub(super) arm: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Branch,
    /// A block that is an arm of a parallel block.
    Block,
    /// A step or a branch that is an arm itself: its name is known behind the block.
    Lone,
    FanOut,
    Repeat,
}

/// A name that a statement has made.
pub(super) struct Made {
    pub(super) name: Ident,
    pub(super) place: Place,
}

/// All names that statements make, in the order of the text.
pub(super) fn all(workflow: &Workflow) -> Vec<Made> {
    let mut made = Vec::new();
    block(&workflow.body, &Vec::new(), &mut made);
    made
}

/// The place inside of an arm.
pub(super) fn inside(place: &Place, kind: Kind, node: usize, arm: usize) -> Place {
    let mut inner = place.clone();
    inner.push(Around { kind, node, arm });
    inner
}

fn block(block: &Block, place: &Place, made: &mut Vec<Made>) {
    for one in &block.statements {
        statement(one, place, made);
    }
}

fn statement(one: &Statement, place: &Place, made: &mut Vec<Made>) {
    let mut make = |name: &Ident| {
        made.push(Made {
            name: name.clone(),
            place: place.clone(),
        });
    };
    match one {
        Statement::Step(step) => step.name.iter().for_each(make),
        Statement::Wait(wait) => wait.name.iter().for_each(make),
        Statement::Let(binding) => bound(&binding.pattern).iter().for_each(make),
        Statement::Branch(branch) => {
            branch.name.iter().for_each(&mut make);
            for (arm, body) in one.bodies().into_iter().enumerate() {
                block(body, &inside(place, Kind::Branch, branch.node, arm), made);
            }
        }
        Statement::FanOut(fan_out) => {
            fan_out.name.iter().for_each(&mut make);
            let inner = inside(place, Kind::FanOut, fan_out.node, 0);
            block(&fan_out.body, &inner, made);
        }
        Statement::Repeat(repeat) => {
            repeat.name.iter().for_each(&mut make);
            let inner = inside(place, Kind::Repeat, repeat.node, 0);
            block(&repeat.body, &inner, made);
        }
        Statement::Parallel(parallel) => {
            for (index, arm) in parallel.arms.iter().enumerate() {
                match arm {
                    ParallelArm::One(one) => {
                        let inner = inside(place, Kind::Lone, parallel.node, index);
                        statement(one, &inner, made);
                    }
                    ParallelArm::Block { name, body, .. } => {
                        let lone = inside(place, Kind::Lone, parallel.node, index);
                        made.extend(name.iter().map(|name| Made {
                            name: name.clone(),
                            place: lone.clone(),
                        }));
                        let inner = inside(place, Kind::Block, parallel.node, index);
                        block(body, &inner, made);
                    }
                }
            }
        }
        Statement::Sleep(_) | Statement::Emit(_) | Statement::Stop(_) => {}
    }
}
