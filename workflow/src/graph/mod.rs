//! The graph of a workflow: what runs, under what policy, and who reads whom.
//!
//! It is known before anything runs, so it can be drawn ([`Graph::mermaid`], [`Graph::dot`],
//! `Graph::svg`), told to programs ([`Graph::json`]) and compared ([`Graph::fingerprint`]). What is
//! remembered of it ([`Graph::outline`]) says later what was changed.

mod change;
mod dot;
mod fingerprint;
mod flow;
mod json;
mod label;
mod mermaid;
mod outline;
#[cfg(feature = "svg")]
mod svg;
#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;
use std::time::Duration;

use enact_action_core::spec::{Policy, SourcePlace, Spec};

pub use self::change::Change;
pub(crate) use self::fingerprint::digest;
pub use self::outline::Outline;
#[cfg(feature = "svg")]
pub(crate) use self::svg::Mark;

/// The graph of a workflow or a plan, known before anything runs.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The workflow's name.
    pub name: Cow<'static, str>,
    /// The version that its author counts up when runs under way could not go on.
    pub version: u32,
    /// Whether finished steps are undone when a later one fails.
    pub saga: bool,
    /// The longest a run may take.
    pub deadline: Option<Duration>,
    /// What it is made of, in the order of the text: a node stands before those inside it.
    pub nodes: Cow<'static, [Node]>,
    /// Where it is written; none for a plan.
    pub place: Option<SourcePlace>,
    /// A digest of the code that belongs to no node: lets and the answer.
    pub code: u64,
}

/// One node of a graph.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its path, unique in the graph. `[]` stands where a run writes an index: `labels[]/label`.
    pub path: Cow<'static, str>,
    /// What it is.
    pub kind: NodeKind,
    /// The node that it is inside of, by its index in [`Graph::nodes`], and the arm there.
    pub parent: Option<(u32, u32)>,
    /// The nodes whose outcomes it reads, by their indices.
    pub reads: Cow<'static, [u32]>,
    /// The line of the source it is written in; 0 in a plan.
    pub line: u32,
    /// A digest of its expressions.
    pub code: u64,
}

/// What a node is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum NodeKind {
    /// One use of an action.
    Step {
        /// The action.
        action: &'static Spec,
        /// How it is run here.
        policy: Policy,
        /// Whether the saga goes only forward from here.
        pivot: bool,
        /// The graph of the action, where that is a workflow, but for one that runs itself.
        graph: Option<&'static Graph>,
    },
    /// One of several arms runs.
    Branch {
        /// The arms, as they are written.
        arms: Cow<'static, [Cow<'static, str>]>,
    },
    /// All arms run side by side.
    Parallel {
        /// How many arms there are.
        arms: u32,
        /// Whether every arm runs to its end.
        collect: bool,
        /// Whether each arm is a task of its own.
        spawn: bool,
    },
    /// One arm, run for each of many items.
    FanOut {
        /// How many run at once.
        max: u32,
        /// Whether every item runs to its end.
        collect: bool,
        /// Whether each item is a task of its own.
        spawn: bool,
    },
    /// Runs again until a condition holds.
    Repeat {
        /// The most passes.
        max: u32,
    },
    /// Lets time pass.
    Sleep {
        /// How much, where it is written as a literal.
        time: Option<Duration>,
    },
    /// Waits for a signal.
    Wait {
        /// The signal's type.
        signal: Cow<'static, str>,
        /// How long at most.
        timeout: Option<Duration>,
    },
    /// Sends a signal.
    Emit {
        /// The signal's type.
        signal: Cow<'static, str>,
    },
    /// Answers early.
    Stop,
}
