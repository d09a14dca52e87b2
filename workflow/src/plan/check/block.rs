//! Blocks and their statements, made into what a runner walks.

use enact_action_core::Policy;
use enact_action_core::registry::Entry;
use serde_json::Value;

use super::condition::constant;
use super::graph::labels;
use super::kinds::Kinds;
use super::{Checker, Done, Shape, params};
use crate::graph::NodeKind;
use crate::plan::form::{self, Statement};
use crate::plan::limits::MOST_ITEMS;
use crate::plan::mistake::Code;
use crate::plan::place::Place;
use crate::plan::read::{Arm, Block, Form, Given, Kind, Stated, What};
use crate::plan::template::Template;
use crate::plan::words;
use crate::registry::version;

/// What a statement gives: none for one with a mistake that leaves nothing to run.
struct Said {
    form: Option<Statement>,
    kind: Option<NodeKind>,
    stops: bool,
}

impl Said {
    const BROKEN: Self = Self {
        form: None,
        kind: None,
        stops: false,
    };

    fn of(form: Statement, kind: NodeKind) -> Self {
        Self {
            form: Some(form),
            kind: Some(kind),
            stops: false,
        }
    }
}

impl<'j> Checker<'j, '_> {
    pub(super) fn block(&mut self, block: &Block<'j>, arm: Option<(u32, u32)>) -> Done<'j> {
        if let Some((outer, _)) = arm {
            self.now = self.now.max(outer + 1);
        }
        self.blocks.extend(arm);
        let mut statements = Vec::new();
        let (mut stops, mut told) = (false, false);
        for stated in &block.statements {
            if stops && !std::mem::replace(&mut told, true) {
                self.behind_stop(&Place::At(&stated.pointer), "a statement");
            }
            let said = self.statement(stated);
            stops |= said.stops;
            statements.extend(said.form);
        }
        if let Some(answer) = block.answer.as_ref().filter(|_| stops) {
            self.behind_stop(&Place::At(&answer.pointer), "an answer");
        }
        let (answer, shape) = self.value_or_nothing(block.answer.as_ref());
        if let Some(arm) = arm {
            debug_assert_eq!(self.blocks.last(), Some(&arm), "blocks nest");
            self.blocks.pop();
        }
        Done {
            form: form::Block {
                statements: statements.into(),
                answer,
            },
            shape,
            stops,
        }
    }

    fn statement(&mut self, stated: &Stated<'j>) -> Said {
        let node = stated.node;
        self.now = node;
        let outer = std::mem::take(&mut self.reads);
        let said = match &stated.what {
            What::Broken => Said::BROKEN,
            What::Step {
                action,
                params,
                timeout,
                retry,
            } => {
                let entry = action.and_then(|name| self.entry(name, stated));
                let policy = entry.map(|entry| self.policy(entry, *timeout, *retry, stated));
                self.step(stated, entry.zip(policy), params.as_ref())
            }
            What::Branch { arms, otherwise } => self.branch(stated, arms, otherwise.as_ref()),
            What::Parallel { arms, collect } => self.parallel(stated, arms, *collect),
            What::Each {
                items,
                max,
                collect,
                body,
            } => self.each(stated, items.as_ref(), (*max, *collect), body),
            What::Sleep(time) => Said::of(
                Statement::Sleep { node, time: *time },
                NodeKind::Sleep { time: Some(*time) },
            ),
            What::Stop(answer) => self.stop(stated, answer),
        };
        self.now = self.now.max(node + 1);
        let mut reads = std::mem::replace(&mut self.reads, outer);
        reads.sort_unstable();
        reads.dedup();
        if let Some(kind) = said.kind.clone() {
            self.nodes[node as usize] = Some(self.node(stated, kind, reads));
        }
        said
    }

    fn step(
        &mut self,
        stated: &Stated<'j>,
        entry: Option<(&'static Entry, Policy)>,
        given: Option<&Given<'j>>,
    ) -> Said {
        let node = stated.node;
        let (params, shape) = match given {
            Some(given) => self.value(given),
            None => (
                Template::Literal(Value::Object(serde_json::Map::new())),
                Shape::Any,
            ),
        };
        let Some((entry, policy)) = entry else {
            self.make(node, Shape::Any);
            return Said::BROKEN;
        };
        self.undoable(entry, stated);
        let outer = Place::At(&stated.pointer);
        params::check(entry, given, &shape, &outer.key("params"), self.notes);
        let output = entry.output_schema();
        let slot = self.make(node, Shape::Schema(output, output));
        Said::of(
            Statement::Step(form::Step {
                node,
                slot,
                entry,
                params,
                policy,
            }),
            NodeKind::Step {
                action: entry.spec(),
                policy,
                pivot: false,
                graph: entry.version().and_then(|it| version(entry.name(), it)),
            },
        )
    }

    fn branch(
        &mut self,
        stated: &Stated<'j>,
        arms: &[Arm<'j>],
        otherwise: Option<&(u32, Block<'j>)>,
    ) -> Said {
        let (node, outer) = (stated.node, Place::At(&stated.pointer));
        let when = outer.key("when");
        let (mut forms, mut shapes) = (Vec::new(), Vec::new());
        let (mut stops, mut decided) = (true, false);
        for arm in arms {
            let place = when.index(arm.index as usize);
            if decided {
                self.behind_true(&place);
            }
            let condition = self.condition(&arm.condition);
            let always = constant(&condition);
            if always == Some(false) && !decided {
                self.under_false(&place.key("if"));
            }
            let done = self.block(&arm.body, Some((node, arm.index)));
            stops &= done.stops;
            decided |= always == Some(true);
            shapes.extend((!done.stops).then_some(done.shape));
            forms.push((condition, done.form));
        }
        let otherwise = match otherwise {
            Some((index, block)) => {
                if decided {
                    self.behind_true(&outer.key("else"));
                }
                let done = self.block(block, Some((node, *index)));
                stops &= done.stops;
                shapes.extend((!done.stops).then_some(done.shape));
                done.form
            }
            None => {
                stops &= decided;
                shapes.extend((!decided).then_some(Shape::Of(Kinds::NULL)));
                form::Block {
                    statements: Box::new([]),
                    answer: Template::NOTHING,
                }
            }
        };
        let slot = self.make(node, Shape::either(shapes));
        let branch = form::Branch {
            node,
            slot,
            arms: forms.into(),
            otherwise,
        };
        let kind = NodeKind::Branch {
            arms: labels(stated.json),
        };
        Said {
            stops,
            ..Said::of(Statement::Branch(branch), kind)
        }
    }

    fn parallel(&mut self, stated: &Stated<'j>, arms: &[Block<'j>], collect: bool) -> Said {
        let node = stated.node;
        let arms: Box<[form::Block]> = (0..)
            .zip(arms)
            .map(|(index, arm)| self.block(arm, Some((node, index))).form)
            .collect();
        self.races(node, &Place::At(&stated.pointer).key("arms"));
        let count = u32::try_from(arms.len()).unwrap_or(u32::MAX);
        Said::of(
            Statement::Parallel(form::Parallel { arms, collect }),
            NodeKind::Parallel {
                arms: count,
                collect,
                spawn: false,
            },
        )
    }

    fn each(
        &mut self,
        stated: &Stated<'j>,
        given: Option<&Given<'j>>,
        (max, collect): (u32, bool),
        body: &Block<'j>,
    ) -> Said {
        let node = stated.node;
        let (items, shape) = match given {
            Some(given) => {
                let (items, shape) = self.value(given);
                self.list(given, &shape);
                (items, shape)
            }
            None => (Template::NOTHING, Shape::Any),
        };
        self.frames.push(1);
        self.items.push((node, shape.item()));
        let done = self.block(body, Some((node, 0)));
        self.items.pop();
        let slots = self.frames.pop().unwrap_or(1);
        let kind = NodeKind::FanOut {
            max,
            collect,
            spawn: false,
        };
        let Done {
            form: body, shape, ..
        } = done;
        let slot = self.make(node, Shape::List(shape.into()));
        let each = form::Each {
            node,
            slot,
            items,
            max,
            collect,
            body,
            slots,
        };
        Said::of(Statement::Each(each), kind)
    }

    fn list(&mut self, given: &Given<'j>, shape: &Shape<'j>) {
        let place = Place::At(&given.pointer);
        let kinds = shape.kinds();
        if !kinds.meets(Kinds::LIST) {
            self.notes
                .add(&place, Code::Type, kinds.to_string(), "a list");
        }
        let count = match &given.form {
            Form::Literal(Value::Array(list)) => list.len(),
            Form::List(list) => list.len(),
            Form::Literal(_) | Form::Link(_) | Form::Object(_) => 0,
        };
        if count > MOST_ITEMS {
            let found = words::many(count, "item");
            self.notes.add(
                &place,
                Code::Limit,
                found,
                format!("at most {MOST_ITEMS} items"),
            );
        }
    }

    fn stop(&mut self, stated: &Stated<'j>, answer: &Given<'j>) -> Said {
        let node = stated.node;
        let aside = self.blocks.iter().map(|(outer, _)| self.fact(*outer).kind);
        if aside
            .into_iter()
            .any(|kind| matches!(kind, Kind::Parallel | Kind::Each))
        {
            let found = "a stop inside of a parallel or a for_each, where others still run";
            let allowed = "a stop outside of it; give out what it needs to decide";
            self.notes
                .add(&Place::At(&stated.pointer), Code::Stop, found, allowed);
        }
        let (answer, _) = self.value(answer);
        Said {
            stops: true,
            ..Said::of(Statement::Stop { node, answer }, NodeKind::Stop)
        }
    }
}
