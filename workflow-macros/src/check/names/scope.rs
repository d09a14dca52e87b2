//! What is known where, statement by statement.

use std::collections::BTreeSet;

use enact_macro_support::Diag;
use proc_macro2::Ident;
use syn::{Expr, Pat};

use super::made::{Kind, Made, Place, inside};
use super::unknown;
use crate::model::{
    Block, Branch, Choice, FanOut, Parallel, ParallelArm, Repeat, Statement, Workflow,
};
use crate::names::{bound, free, lets};

pub(super) struct Scope<'c> {
    made: &'c [Made],
    /// Whether every statement could be read.
    whole: bool,
    diag: &'c mut Diag,
    /// What is known, the innermost last.
    known: Vec<Known>,
    /// Where the names of the block begin.
    start: usize,
    /// The names told of, each once.
    told: BTreeSet<String>,
    /// The nodes whose names are made twice.
    twice: BTreeSet<usize>,
}

struct Known {
    name: Ident,
    origin: Origin,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Param,
    /// A statement, with its node, if it is one.
    Statement(Option<usize>),
    /// A `let` or a pattern, which may shadow another.
    Binding,
}

impl<'c> Scope<'c> {
    pub(super) fn new(made: &'c [Made], whole: bool, diag: &'c mut Diag) -> Self {
        Self {
            made,
            whole,
            diag,
            known: Vec::new(),
            start: 0,
            told: BTreeSet::new(),
            twice: BTreeSet::new(),
        }
    }

    /// Notes every slip, and gives the nodes whose names are made twice.
    pub(super) fn check(mut self, workflow: &Workflow) -> BTreeSet<usize> {
        self.known = workflow
            .params
            .iter()
            .map(|param| Known {
                name: param.ident.clone(),
                origin: Origin::Param,
            })
            .collect();
        self.lines(&workflow.body, &Vec::new());
        self.twice
    }

    fn block(&mut self, block: &Block, place: &Place) {
        let (before, outside) = (self.known.len(), self.start);
        self.start = before;
        self.lines(block, place);
        self.known.truncate(before);
        self.start = outside;
    }

    /// The lines of a block, whose names stay known.
    fn lines(&mut self, block: &Block, place: &Place) {
        for statement in &block.statements {
            self.statement(statement, place);
        }
        self.exprs(&block.answer, place);
    }

    fn statement(&mut self, statement: &Statement, place: &Place) {
        match statement {
            Statement::Branch(branch) => self.branch(branch, place),
            Statement::Parallel(parallel) => self.parallel(parallel, place),
            Statement::FanOut(fan_out) => self.fan_out(fan_out, place),
            Statement::Repeat(repeat) => self.repeat(repeat, place),
            Statement::Step(step) => {
                self.exprs(statement.exprs(), place);
                self.slips(bare(statement));
                self.statement_name(step.name.as_ref(), Some(step.node));
            }
            Statement::Wait(wait) => {
                self.exprs(statement.exprs(), place);
                self.statement_name(wait.name.as_ref(), Some(wait.node));
            }
            Statement::Let(binding) => {
                self.exprs([&binding.value], place);
                for name in bound(&binding.pattern) {
                    self.name(&name, Origin::Binding);
                }
            }
            Statement::Emit(_) => {
                self.exprs(statement.exprs(), place);
                self.slips(bare(statement));
            }
            Statement::Sleep(_) | Statement::Stop(_) => self.exprs(statement.exprs(), place),
        }
    }

    fn branch(&mut self, branch: &Branch, place: &Place) {
        let inner = |arm| inside(place, Kind::Branch, branch.node, arm);
        let before = self.known.len();
        match &branch.choice {
            Choice::Match { value, arms, .. } => {
                self.exprs([value], place);
                for (index, arm) in arms.iter().enumerate() {
                    self.bind(&arm.pattern);
                    self.exprs(&arm.guard, place);
                    self.block(&arm.body, &inner(index));
                    self.known.truncate(before);
                }
            }
            Choice::If {
                conditions,
                otherwise,
            } => {
                for (index, (_, condition, body)) in conditions.iter().enumerate() {
                    self.exprs([condition], place);
                    for binding in lets(condition) {
                        self.bind(&binding.pat);
                    }
                    self.block(body, &inner(index));
                    self.known.truncate(before);
                }
                if let Some(body) = otherwise {
                    self.block(body, &inner(conditions.len()));
                }
            }
        }
        self.statement_name(branch.name.as_ref(), Some(branch.node));
    }

    /// Arms don't know each other; what is behind them knows all.
    fn parallel(&mut self, parallel: &Parallel, place: &Place) {
        let before = self.known.len();
        let mut made: Vec<Known> = Vec::new();
        for (index, arm) in parallel.arms.iter().enumerate() {
            match arm {
                ParallelArm::One(one) => {
                    self.statement(one, &inside(place, Kind::Lone, parallel.node, index));
                }
                ParallelArm::Block { name, body, .. } => {
                    let inner = inside(place, Kind::Block, parallel.node, index);
                    self.block(body, &inner);
                    self.statement_name(name.as_ref(), None);
                }
            }
            for fresh in self.known.split_off(before) {
                if made.iter().any(|other| other.name == fresh.name) {
                    self.note_twice(&fresh.name, fresh.origin, false);
                }
                made.push(fresh);
            }
        }
        self.known.extend(made);
    }

    fn fan_out(&mut self, fan_out: &FanOut, place: &Place) {
        self.exprs([&fan_out.items], place);
        let before = self.known.len();
        self.bind(&fan_out.pattern);
        let inner = inside(place, Kind::FanOut, fan_out.node, 0);
        self.block(&fan_out.body, &inner);
        self.known.truncate(before);
        self.statement_name(fan_out.name.as_ref(), Some(fan_out.node));
    }

    /// The condition knows what the body has made, and what it has answered.
    fn repeat(&mut self, repeat: &Repeat, place: &Place) {
        let (before, outside) = (self.known.len(), self.start);
        self.start = before;
        let inner = inside(place, Kind::Repeat, repeat.node, 0);
        self.lines(&repeat.body, &inner);
        if let Some(name) = &repeat.name {
            self.known.push(Known {
                name: name.clone(),
                origin: Origin::Binding,
            });
        }
        self.exprs([&repeat.until], &inner);
        self.known.truncate(before);
        self.start = outside;
        self.statement_name(repeat.name.as_ref(), Some(repeat.node));
    }

    fn bind(&mut self, pattern: &Pat) {
        let names = bound(pattern).into_iter();
        self.known.extend(names.map(|name| Known {
            name,
            origin: Origin::Binding,
        }));
    }

    fn statement_name(&mut self, name: Option<&Ident>, node: Option<usize>) {
        if let Some(name) = name {
            self.name(name, Origin::Statement(node));
        }
    }

    fn name(&mut self, name: &Ident, origin: Origin) {
        let here = self.known.iter().skip(self.start);
        let other = here.rev().find(|known| known.name == *name);
        let twice = other.map(|other| other.origin);
        if let Some(other) = twice
            && (origin != Origin::Binding || other != Origin::Binding)
        {
            self.note_twice(name, origin, other == Origin::Param);
        }
        self.known.push(Known {
            name: name.clone(),
            origin,
        });
    }

    fn note_twice(&mut self, name: &Ident, origin: Origin, param: bool) {
        let other = if param {
            "is a param of the workflow"
        } else {
            "is made twice here"
        };
        self.diag
            .note(name, format!("`{name}` {other}: give this another name"));
        if let Origin::Statement(Some(node)) = origin {
            self.twice.insert(node);
        }
    }

    /// Notes names that are made, but elsewhere, and slips.
    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, place: &Place) {
        for expr in exprs {
            let called = unknown::called(expr);
            for name in free(expr) {
                if name == "self" {
                    self.tell(&name, &unknown::itself(expr));
                    continue;
                }
                if !called.contains(&name)
                    && !self.knows(&name)
                    && let Some(why) = unknown::elsewhere(&name, self.made, place)
                {
                    self.tell(&name, &why);
                }
            }
            let open = free(expr);
            let mut roots = unknown::roots(expr);
            roots.retain(|root| open.contains(root));
            self.slips(roots);
        }
    }

    /// Notes names that differ by a slip from one that is known.
    fn slips(&mut self, names: Vec<Ident>) {
        for name in names {
            if !self.whole || self.knows(&name) {
                continue;
            }
            let known = self.known.iter().map(|known| known.name.to_string());
            let known: Vec<String> = known.collect();
            if let Some(why) = unknown::slip(&name, &known) {
                self.tell(&name, &why);
            }
        }
    }

    fn knows(&self, name: &Ident) -> bool {
        self.known.iter().any(|known| known.name == *name)
    }

    fn tell(&mut self, name: &Ident, why: &str) {
        if self.told.insert(name.to_string()) {
            self.diag.note(name, why);
        }
    }
}

/// The names that are given as they are.
fn bare(statement: &Statement) -> Vec<Ident> {
    let exprs = statement.exprs().into_iter();
    exprs.filter_map(unknown::plain).cloned().collect()
}
