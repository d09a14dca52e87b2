//! The second pass: references resolved, actions looked up, types compared, the executable form
//! made.

mod block;
mod condition;
mod digest;
mod graph;
mod kinds;
mod params;
mod policy;
mod race;
mod reach;
mod schema;
mod scope;
mod shape;
mod value;

use std::collections::HashMap;

use enact_action_core::Registry;
use serde_json::Value;

use self::shape::Shape;
use super::form;
use super::mistake::Notes;
use super::read::{Declared, Draft, Fact};
use crate::graph::{Graph, Node};

pub(super) use self::digest::bytes;

/// A draft with nothing left to look up.
pub(super) struct Checked {
    pub(super) graph: Graph,
    pub(super) body: form::Block,
    pub(super) slots: u32,
}

/// Checks a draft, noting every mistake; what it gives is whole where nothing was noted.
pub(super) fn check(
    json: &Value,
    draft: &Draft<'_>,
    registry: &Registry,
    notes: &mut Notes,
) -> Checked {
    let mut checker = Checker::new(draft, registry, notes);
    let body = checker.block(&draft.body, None).form;
    let slots = checker.frames.first().copied().unwrap_or(1);
    let graph = Graph {
        name: draft.name.to_owned().into(),
        version: 1,
        saga: draft.saga,
        deadline: draft.deadline,
        nodes: checker
            .nodes
            .into_iter()
            .flatten()
            .collect::<Vec<Node>>()
            .into(),
        place: None,
        code: digest::digest([json.get("params"), json.get("answer")]),
    };
    Checked { graph, body, slots }
}

struct Checker<'j, 'd> {
    registry: &'d Registry,
    draft: &'d Draft<'j>,
    notes: &'d mut Notes,
    inputs: Shape<'j>,
    /// What each statement comes to, once it is made.
    made: Vec<Option<Made<'j>>>,
    nodes: Vec<Option<Node>>,
    /// The statements that checking is inside of, each with the arm.
    blocks: Vec<(u32, u32)>,
    /// The first statement that is not yet begun, or the one whose own values are looked at.
    now: u32,
    /// How many slots each open frame has.
    frames: Vec<u32>,
    /// The `for_each` that each inner frame belongs to, and what its items are.
    items: Vec<(u32, Shape<'j>)>,
    /// What the statement at hand reads.
    reads: Vec<u32>,
}

/// Where the outcome of a statement is, and what is known of it.
#[derive(Clone)]
struct Made<'j> {
    shape: Shape<'j>,
    /// How many frames are around its frame.
    depth: usize,
    slot: u32,
}

impl<'j, 'd> Checker<'j, 'd> {
    fn new(draft: &'d Draft<'j>, registry: &'d Registry, notes: &'d mut Notes) -> Self {
        let inputs = draft
            .declared
            .iter()
            .map(|declared| (declared.name, input(declared)));
        Self {
            registry,
            draft,
            notes,
            inputs: Shape::Object(inputs.collect::<Vec<_>>().into()),
            made: vec![None; draft.facts.len()],
            nodes: vec![None; draft.facts.len()],
            blocks: Vec::new(),
            now: 0,
            frames: vec![1],
            items: Vec::new(),
            reads: Vec::new(),
        }
    }

    fn fact(&self, node: u32) -> &'d Fact<'j> {
        &self.draft.facts[node as usize]
    }

    fn names(&self) -> &'d HashMap<&'j str, u32> {
        &self.draft.names
    }

    /// Gives a statement a slot for what it comes to.
    fn make(&mut self, node: u32, shape: Shape<'j>) -> u32 {
        let depth = self.frames.len() - 1;
        let slot = self.frames[depth];
        self.frames[depth] += 1;
        self.made[node as usize] = Some(Made { shape, depth, slot });
        slot
    }
}

fn input<'j>(declared: &Declared<'j>) -> Shape<'j> {
    Shape::Schema(declared.schema, declared.schema)
}

/// What a block gives: its form, what is known of its answer, and whether it always stops.
struct Done<'j> {
    form: form::Block,
    shape: Shape<'j>,
    stops: bool,
}
