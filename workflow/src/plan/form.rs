//! A checked plan as a runner walks it: everything looked up, nothing left to decide but values.

use std::time::Duration;

use enact_action_core::registry::Entry;
use enact_action_core::{Failure, Policy};
use serde_json::Value;

use super::condition::Condition;
use super::limits::MOST_ITEMS;
use super::template::{Frame, Template};
use super::words;

/// Statements that run one after the other, and what they come to.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) statements: Box<[Statement]>,
    pub(crate) answer: Template,
}

/// One statement; `node` is its index in the graph, `slot` where its outcome goes.
#[derive(Debug)]
pub(crate) enum Statement {
    Step(Step),
    Branch(Branch),
    Parallel(Parallel),
    Each(Each),
    Sleep { node: u32, time: Duration },
    Stop { node: u32, answer: Template },
}

/// One use of an action.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) node: u32,
    pub(crate) slot: u32,
    pub(crate) entry: &'static Entry,
    pub(crate) params: Template,
    /// The action's own policy, with what the step says instead.
    pub(crate) policy: Policy,
}

/// One of several arms runs: the first whose condition holds, else the last, which has none.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) node: u32,
    pub(crate) slot: u32,
    pub(crate) arms: Box<[(Condition, Block)]>,
    /// Its arm has the index behind the others. Empty where the plan has no `else`.
    pub(crate) otherwise: Block,
}

/// All arms run side by side, in one frame.
#[derive(Debug)]
pub(crate) struct Parallel {
    pub(crate) arms: Box<[Block]>,
    /// Whether every arm runs to its end before the first failure is the block's.
    pub(crate) collect: bool,
}

/// A block for each item of a list, each in a frame of its own; the slot gets the list of answers.
#[derive(Debug)]
pub(crate) struct Each {
    pub(crate) node: u32,
    pub(crate) slot: u32,
    pub(crate) items: Template,
    /// How many run at once.
    pub(crate) max: u32,
    pub(crate) collect: bool,
    pub(crate) body: Block,
    /// How many slots the frame of an item has.
    pub(crate) slots: u32,
}

impl Branch {
    /// The arm that runs, and its index.
    ///
    /// # Errors
    /// As the conditions.
    pub(crate) fn choose(&self, frame: &Frame<'_>) -> Result<(usize, &Block), Failure> {
        for (index, (condition, block)) in self.arms.iter().enumerate() {
            if condition.holds(frame)? {
                return Ok((index, block));
            }
        }
        Ok((self.arms.len(), &self.otherwise))
    }
}

impl Each {
    /// The items, in order.
    ///
    /// # Errors
    /// Terminal: `plan.mismatch` where it is no list, `plan.limit` where it is too long.
    pub(crate) fn items(&self, frame: &Frame<'_>) -> Result<Vec<Value>, Failure> {
        match self.items.build(frame)? {
            Value::Array(items) if items.len() <= MOST_ITEMS => Ok(items),
            Value::Array(items) => Err(Failure::terminal(
                "plan.limit",
                format!(
                    "a for_each runs over {MOST_ITEMS} items at most, not {}",
                    items.len()
                ),
            )),
            other => Err(Failure::terminal(
                "plan.mismatch",
                format!("a for_each runs over a list, not {}", words::value(&other)),
            )),
        }
    }
}
