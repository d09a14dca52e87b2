//! Walks through a workflow and gathers what the graph says of its nodes.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};
use syn::{Expr, Pat};

use super::digest::Digest;
use super::{NodeInfo, called};
use crate::model::{
    Block, Branch, Choice, FanOut, Given, Parallel, ParallelArm, Repeat, Statement, Time, Workflow,
};
use crate::names::{bound, free, lets};

/// Nodes by their numbers.
type Nodes = BTreeSet<u32>;

/// Where a block stands.
#[derive(Clone)]
struct Place {
    path: Vec<String>,
    parent: Option<(u32, u32)>,
}

pub(super) struct Walk {
    found: Vec<NodeInfo>,
    /// What each name stands for, the innermost last.
    names: Vec<(Ident, Nodes)>,
}

impl Walk {
    pub(super) fn new() -> Self {
        Self {
            found: Vec::new(),
            names: Vec::new(),
        }
    }

    pub(super) fn of(mut self, workflow: &Workflow) -> Vec<NodeInfo> {
        for param in &workflow.params {
            self.names.push((param.ident.clone(), Nodes::new()));
        }
        let place = Place {
            path: Vec::new(),
            parent: None,
        };
        self.block(&workflow.body, &place);
        self.found
    }

    /// Walks through a block whose names end with it; what its answer reads.
    fn block(&mut self, block: &Block, place: &Place) -> Nodes {
        let before = self.names.len();
        let answer = self.open(block, place);
        self.names.truncate(before);
        answer
    }

    /// Walks through a block and leaves its names known.
    fn open(&mut self, block: &Block, place: &Place) -> Nodes {
        for statement in &block.statements {
            self.statement(statement, place);
        }
        block.answer.iter().flat_map(|it| self.reads(it)).collect()
    }

    fn statement(&mut self, statement: &Statement, place: &Place) {
        match statement {
            Statement::Step(step) => {
                let name = called(step.name.as_ref(), &step.action);
                let reads = self.given(&step.given);
                let code = Digest::new().given(&step.given).done();
                let node = self.node(place, Name::Told(name), step.keyword.span(), code);
                self.read(node, reads);
                self.named(step.name.as_ref(), [node].into());
            }
            Statement::Branch(branch) => self.branch(branch, place),
            Statement::Parallel(parallel) => self.parallel(parallel, place),
            Statement::FanOut(fan_out) => self.fan_out(fan_out, place),
            Statement::Repeat(repeat) => self.repeat(repeat, place),
            Statement::Let(binding) => {
                let reads = self.reads(&binding.value);
                self.bind(&binding.pattern, &reads);
            }
            Statement::Sleep(sleep) => {
                let mut digest = Digest::new();
                let reads = match &sleep.time {
                    Time::Known(..) => Nodes::new(),
                    Time::Computed(time) => {
                        digest.add(time);
                        self.reads(time)
                    }
                };
                let span = sleep.keyword.span();
                let node = self.node(place, Name::Counted("sleep"), span, digest.done());
                self.read(node, reads);
            }
            Statement::Wait(wait) => {
                let name = called(wait.name.as_ref(), &wait.signal);
                let values = wait.conditions.iter().map(|condition| &condition.value);
                let reads = values.flat_map(|value| self.reads(value)).collect();
                let code = Digest::new().wait(wait).done();
                let node = self.node(place, Name::Told(name), wait.keyword.span(), code);
                self.read(node, reads);
                self.named(wait.name.as_ref(), [node].into());
            }
            Statement::Emit(emit) => {
                let mut reads = self.given(&emit.given);
                reads.extend(emit.subject.iter().flat_map(|it| self.reads(it)));
                let code = Digest::new().given(&emit.given).add(&emit.subject).done();
                let node = self.node(place, Name::Counted("emit"), emit.keyword.span(), code);
                self.read(node, reads);
            }
            Statement::Stop(stop) => {
                let reads = stop.answer.iter().flat_map(|it| self.reads(it)).collect();
                let (span, code) = (stop.keyword.span(), Digest::new().done());
                let node = self.node(place, Name::Counted("stop"), span, code);
                self.read(node, reads);
            }
        }
    }

    /// The branch reads what decides and what the arms' answers read; its value is its own.
    fn branch(&mut self, branch: &Branch, place: &Place) {
        let mut digest = Digest::new();
        let name = Name::of(branch.name.as_ref(), "branch");
        let node = self.node(place, name, branch.keyword.span(), 0);
        let inner = |arm: usize| place.inside(branch.name.as_ref(), node, arm);
        let mut reads = Nodes::new();
        let before = self.names.len();
        match &branch.choice {
            Choice::Match {
                value: matched,
                arms,
                ..
            } => {
                digest.add(matched);
                let of_value = self.reads(matched);
                for (index, arm) in arms.iter().enumerate() {
                    digest.add(&arm.pattern).add(&arm.guard);
                    self.bind(&arm.pattern, &of_value);
                    reads.extend(arm.guard.iter().flat_map(|it| self.reads(it)));
                    reads.extend(self.open(&arm.body, &inner(index)));
                    self.names.truncate(before);
                }
                reads.extend(of_value);
            }
            Choice::If {
                conditions,
                otherwise,
            } => {
                for (index, (_, condition, body)) in conditions.iter().enumerate() {
                    digest.add(condition);
                    reads.extend(self.reads(condition));
                    for binding in lets(condition) {
                        let of_value = self.reads(&binding.expr);
                        self.bind(&binding.pat, &of_value);
                    }
                    reads.extend(self.open(body, &inner(index)));
                    self.names.truncate(before);
                }
                if let Some(body) = otherwise {
                    reads.extend(self.block(body, &inner(conditions.len())));
                }
            }
        }
        self.code(node, &digest);
        self.read(node, reads);
        self.named(branch.name.as_ref(), [node].into());
    }

    /// Arms don't know each other; what is behind them knows all.
    fn parallel(&mut self, parallel: &Parallel, place: &Place) {
        let (span, code) = (parallel.keyword.span(), Digest::new().done());
        let node = self.node(place, Name::Counted("parallel"), span, code);
        let before = self.names.len();
        let mut made = Vec::new();
        for (index, arm) in parallel.arms.iter().enumerate() {
            match arm {
                ParallelArm::One(one) => self.statement(one, &place.inside(None, node, index)),
                ParallelArm::Block { name, body, .. } => {
                    let inner = place.inside(name.as_ref(), node, index);
                    let answer = self.block(body, &inner);
                    self.named(name.as_ref(), answer);
                }
            }
            made.extend(self.names.drain(before..));
        }
        self.names.extend(made);
    }

    fn fan_out(&mut self, fan_out: &FanOut, place: &Place) {
        let mut digest = Digest::new();
        digest.add(&fan_out.pattern).add(&fan_out.items);
        let name = Name::of(fan_out.name.as_ref(), "parallel");
        let node = self.node(place, name, fan_out.keyword.span(), digest.done());
        let mut reads = self.reads(&fan_out.items);
        let before = self.names.len();
        self.bind(&fan_out.pattern, &reads);
        reads.extend(self.open(&fan_out.body, &self.within(node)));
        self.names.truncate(before);
        self.read(node, reads);
        self.named(fan_out.name.as_ref(), [node].into());
    }

    /// The condition knows what the body has made, and what it has answered.
    fn repeat(&mut self, repeat: &Repeat, place: &Place) {
        let code = Digest::new().add(&repeat.until).done();
        let name = Name::of(repeat.name.as_ref(), "repeat");
        let node = self.node(place, name, repeat.keyword.span(), code);
        let before = self.names.len();
        let mut reads = self.open(&repeat.body, &self.within(node));
        self.named(repeat.name.as_ref(), reads.clone());
        reads.extend(self.reads(&repeat.until));
        self.names.truncate(before);
        self.read(node, reads);
        self.named(repeat.name.as_ref(), [node].into());
    }

    /// Inside of a node that runs again and again.
    fn within(&self, node: u32) -> Place {
        let path = self
            .found
            .get(node as usize)
            .map(|info| format!("{}[]", info.path));
        Place {
            path: path.into_iter().collect(),
            parent: Some((node, 0)),
        }
    }

    fn given(&self, given: &Given) -> Nodes {
        let values: Vec<&Expr> = match given {
            Given::Fields(fields, base) => fields.iter().map(|it| &it.value).chain(base).collect(),
            Given::Call(_, values) => values.iter().collect(),
            Given::Unit => Vec::new(),
        };
        values.into_iter().flat_map(|it| self.reads(it)).collect()
    }

    fn reads(&self, expr: &Expr) -> Nodes {
        let names = free(expr);
        let known = names.iter().filter_map(|name| {
            let mut inner = self.names.iter().rev();
            inner.find(|(known, _)| known == name)
        });
        known.flat_map(|(_, nodes)| nodes).copied().collect()
    }

    fn bind(&mut self, pattern: &Pat, nodes: &Nodes) {
        for name in bound(pattern) {
            self.names.push((name, nodes.clone()));
        }
    }

    fn named(&mut self, name: Option<&Ident>, nodes: Nodes) {
        self.names.extend(name.map(|name| (name.clone(), nodes)));
    }

    fn node(&mut self, place: &Place, name: Name, span: Span, code: u64) -> u32 {
        let node = u32::try_from(self.found.len()).expect("a text has fewer nodes");
        let path = match name {
            Name::Told(name) => place.join(&name),
            Name::Counted(word) => self.counted(place, word),
        };
        self.found.push(NodeInfo {
            path,
            parent: place.parent,
            reads: Vec::new(),
            code,
            span,
        });
        node
    }

    fn counted(&self, place: &Place, word: &str) -> String {
        let first = place.join(word);
        let others = (2..).map(|count| place.join(&format!("{word}{count}")));
        let free = |path: &String| !self.found.iter().any(|info| info.path == *path);
        std::iter::once(first)
            .chain(others)
            .find(free)
            .expect("some number is free")
    }

    fn read(&mut self, node: u32, reads: Nodes) {
        if let Some(info) = self.found.get_mut(node as usize) {
            info.reads = reads.into_iter().collect();
        }
    }

    fn code(&mut self, node: u32, digest: &Digest) {
        if let Some(info) = self.found.get_mut(node as usize) {
            info.code = digest.done();
        }
    }
}

/// What a node adds to its path.
enum Name {
    Told(String),
    /// A word that nobody chose, with a number where it is taken.
    Counted(&'static str),
}

impl Name {
    fn of(name: Option<&Ident>, word: &'static str) -> Self {
        use syn::ext::IdentExt as _;
        name.map_or(Self::Counted(word), |name| {
            Self::Told(name.unraw().to_string())
        })
    }
}

impl Place {
    fn join(&self, name: &str) -> String {
        let around = self.path.iter().map(String::as_str);
        around.chain([name]).collect::<Vec<_>>().join("/")
    }

    fn inside(&self, name: Option<&Ident>, node: u32, arm: usize) -> Self {
        use syn::ext::IdentExt as _;
        let mut path = self.path.clone();
        path.extend(name.map(|name| name.unraw().to_string()));
        Self {
            path,
            parent: Some((node, u32::try_from(arm).expect("a text has fewer arms"))),
        }
    }
}
