//! Statements as they are written.

use std::rc::Rc;
use std::time::Duration;

use enact_action_core::Retry;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::given::{Form, Given};
use super::{Asked, Block, Fact, Kind, Reader, object, retry, time};
use crate::plan::limits::{MOST_ARMS, MOST_AT_ONCE, MOST_FOR_EACH, MOST_NESTING};
use crate::plan::mistake::Code;
use crate::plan::place::Place;
use crate::plan::words;

/// A statement as it is written.
pub(in crate::plan) struct Stated<'j> {
    /// Its index among the facts.
    pub(in crate::plan) node: u32,
    pub(in crate::plan) pointer: String,
    pub(in crate::plan) json: &'j Value,
    pub(in crate::plan) what: What<'j>,
}

/// What a statement says.
pub(in crate::plan) enum What<'j> {
    Step {
        action: Option<&'j str>,
        params: Option<Given<'j>>,
        timeout: Option<Duration>,
        retry: Option<Retry>,
    },
    Branch {
        arms: Vec<Arm<'j>>,
        /// With the index behind those of the arms.
        otherwise: Option<(u32, Block<'j>)>,
    },
    Parallel {
        arms: Vec<Block<'j>>,
        collect: bool,
    },
    Each {
        items: Option<Given<'j>>,
        max: u32,
        collect: bool,
        body: Block<'j>,
    },
    Sleep(Duration),
    Stop(Given<'j>),
    /// Malformed; its name is known all the same.
    Broken,
}

/// One arm of a branch.
pub(in crate::plan) struct Arm<'j> {
    /// Its index among those that are written.
    pub(in crate::plan) index: u32,
    pub(in crate::plan) condition: Asked<'j>,
    pub(in crate::plan) body: Block<'j>,
}

const STEP: [&str; 5] = ["step", "action", "params", "timeout", "retry"];
const BRANCH: [&str; 3] = ["branch", "when", "else"];
const ARM: [&str; 3] = ["if", "then", "answer"];
const OTHERWISE: [&str; 2] = ["then", "answer"];
const PARALLEL: [&str; 3] = ["parallel", "arms", "collect"];
const EACH: [&str; 6] = ["for_each", "in", "max", "collect", "do", "answer"];

/// How many items run at once, where the plan does not say.
const AT_ONCE: u32 = 8;

impl<'j> Reader<'j, '_> {
    pub(super) fn statement(&mut self, json: &'j Value, place: &Place<'_>) -> Option<Stated<'j>> {
        let map = object(json, place, STATEMENT, self.notes)?;
        let mut kinds = Kind::ALL
            .into_iter()
            .filter(|kind| map.contains_key(kind.key()));
        let (kind, key, broken) = match (kinds.next(), kinds.next()) {
            (Some(kind), None) => (kind, kind.key(), false),
            (Some(kind), Some(_)) => {
                self.notes.add(place, Code::Shape, both(map), STATEMENT);
                (kind, kind.key(), true)
            }
            (None, _) => {
                let (kind, key) = self.misspelt(map, place)?;
                (kind, key, true)
            }
        };
        let name = map.get(key).filter(|_| kind.is_named());
        let name = self.name(name, &place.key(key));
        let node = self.declare(kind, name, &place.key(key));
        let what = if broken {
            What::Broken
        } else {
            self.what(kind, node, json, place).unwrap_or(What::Broken)
        };
        Some(Stated {
            node,
            pointer: place.pointer(),
            json,
            what,
        })
    }

    /// The kind that was probably meant by an object that has none.
    fn misspelt(
        &mut self,
        map: &'j Map<String, Value>,
        place: &Place<'_>,
    ) -> Option<(Kind, &'j str)> {
        let near = map.keys().find_map(|key| {
            let near = words::nearest(key, Kind::ALL.map(Kind::key))?;
            Some((
                Kind::ALL.into_iter().find(|kind| kind.key() == near)?,
                key.as_str(),
            ))
        });
        let Some((kind, key)) = near else {
            self.notes.add(
                place,
                Code::Missing,
                "a statement without a kind",
                STATEMENT,
            );
            return None;
        };
        let found = format!("the unknown key {}", words::text(key));
        let hint = Some(words::did_you_mean(kind.key()));
        self.notes
            .hinted(&place.key(key), Code::UnknownKey, found, STATEMENT, hint);
        near
    }

    /// Makes the statement known, under its name where it has one.
    fn declare(&mut self, kind: Kind, name: Option<&'j str>, place: &Place<'_>) -> u32 {
        let node = u32::try_from(self.facts.len()).unwrap_or(u32::MAX);
        if let Some(name) = name {
            if self.names.contains_key(name) {
                let found = format!("a second {}", words::text(name));
                self.notes.add(
                    place,
                    Code::Duplicate,
                    found,
                    "a name of its own in the whole plan",
                );
            } else {
                self.names.insert(name, node);
            }
        }
        let path = self.path(kind, name);
        self.facts.push(Fact {
            kind,
            name,
            path,
            blocks: Rc::from(self.blocks.as_slice()),
        });
        node
    }

    fn path(&mut self, kind: Kind, name: Option<&str>) -> String {
        let outer = self
            .blocks
            .last()
            .and_then(|(outer, _)| self.facts.get(*outer as usize));
        let mut path = match outer {
            Some(outer) if outer.kind == Kind::Each => format!("{}[]/", outer.path),
            Some(outer) => format!("{}/", outer.path),
            None => String::new(),
        };
        if let Some(name) = name {
            path.push_str(name);
        } else {
            let count = &mut self.unnamed[usize::from(kind == Kind::Stop)];
            *count += 1;
            path.push_str(kind.key());
            path.push('#');
            path.push_str(&count.to_string());
        }
        path
    }

    fn what(
        &mut self,
        kind: Kind,
        node: u32,
        json: &'j Value,
        place: &Place<'_>,
    ) -> Option<What<'j>> {
        match kind {
            Kind::Step => self.step(json, place),
            Kind::Branch => self.branch(node, json, place),
            Kind::Parallel => self.parallel(node, json, place),
            Kind::Each => self.each(node, json, place),
            Kind::Sleep => {
                let fields = Fields::read(json, place, "a sleep", &["sleep"], self.notes)?;
                let time = fields.get("sleep")?;
                time::read(time, &place.key("sleep"), self.notes).map(What::Sleep)
            }
            Kind::Stop => {
                let fields = Fields::read(json, place, "a stop", &["stop"], self.notes)?;
                let answer = Given::read(fields.get("stop")?, &place.key("stop"), self.notes);
                Some(What::Stop(answer))
            }
        }
    }

    fn step(&mut self, json: &'j Value, place: &Place<'_>) -> Option<What<'j>> {
        let fields = Fields::read(json, place, "a step", &STEP, self.notes)?;
        let action = fields
            .require("action", place, "the name of an action", self.notes)
            .and_then(|name| self.text(name, &place.key("action")));
        let params = fields
            .get("params")
            .map(|params| Given::read(params, &place.key("params"), self.notes));
        if let Some(Given {
            form: Form::Literal(literal),
            pointer,
        }) = &params
            && !literal.is_object()
        {
            let found = words::value(literal);
            self.notes.add(
                &Place::At(pointer),
                Code::Shape,
                found,
                "an object of params",
            );
        }
        let timeout = fields
            .get("timeout")
            .and_then(|time| time::read(time, &place.key("timeout"), self.notes));
        let retry = fields
            .get("retry")
            .and_then(|retry| retry::read(retry, &place.key("retry"), self.notes));
        Some(What::Step {
            action,
            params,
            timeout,
            retry,
        })
    }

    fn branch(&mut self, node: u32, json: &'j Value, place: &Place<'_>) -> Option<What<'j>> {
        let fields = Fields::read(json, place, "a branch", &BRANCH, self.notes)?;
        let when = fields.require("when", place, "a list of arms", self.notes);
        let list = when.and_then(|when| self.arms(when, &place.key("when"), 1));
        let arms: Vec<Arm<'j>> = list
            .unwrap_or_default()
            .iter()
            .zip(0..)
            .filter_map(|(arm, index)| {
                self.arm(node, index, arm, &place.key("when").index(index as usize))
            })
            .collect();
        let otherwise = fields.get("else").and_then(|json| {
            let place = place.key("else");
            let fields = Fields::read(json, &place, "an else", &OTHERWISE, self.notes)?;
            let index = u32::try_from(list.unwrap_or_default().len()).unwrap_or(u32::MAX);
            let list = fields.get("then");
            let list = list.map(|list| (list, "then"));
            Some((index, self.block(&fields, list, (node, index), &place)))
        });
        Some(What::Branch { arms, otherwise })
    }

    fn arm(
        &mut self,
        node: u32,
        index: u32,
        json: &'j Value,
        place: &Place<'_>,
    ) -> Option<Arm<'j>> {
        let fields = Fields::read(json, place, "an arm", &ARM, self.notes)?;
        let condition = match fields.require("if", place, "a condition", self.notes) {
            Some(condition) => Asked::read(condition, &place.key("if"), self.notes),
            None => Asked::Broken,
        };
        let list = fields.get("then").map(|list| (list, "then"));
        let body = self.block(&fields, list, (node, index), place);
        Some(Arm {
            index,
            condition,
            body,
        })
    }

    fn parallel(&mut self, node: u32, json: &'j Value, place: &Place<'_>) -> Option<What<'j>> {
        let fields = Fields::read(json, place, "a parallel", &PARALLEL, self.notes)?;
        let collect = self.flag(&fields, "collect", place);
        let arms = fields.require("arms", place, "a list of lists of statements", self.notes)?;
        let place = place.key("arms");
        let list = self.arms(arms, &place, 2)?;
        let mut arms = Vec::new();
        for (arm, index) in list.iter().zip(0..) {
            let place = place.index(index as usize);
            if arm.as_array().is_some_and(Vec::is_empty) {
                let allowed = "at least one statement in each arm";
                self.notes.add(&place, Code::Shape, "an empty arm", allowed);
            }
            let statements = self.inside((node, index), arm, &place);
            arms.push(Block {
                statements,
                answer: None,
            });
        }
        Some(What::Parallel { arms, collect })
    }

    fn each(&mut self, node: u32, json: &'j Value, place: &Place<'_>) -> Option<What<'j>> {
        let fields = Fields::read(json, place, "a for_each", &EACH, self.notes)?;
        let items = fields
            .require("in", place, "a list, or a reference to one", self.notes)
            .map(|items| Given::read(items, &place.key("in"), self.notes));
        let max = fields
            .get("max")
            .and_then(|max| retry::whole(max, &place.key("max"), 1, MOST_AT_ONCE, self.notes));
        let collect = self.flag(&fields, "collect", place);
        let list = fields.require("do", place, "a list of statements", self.notes);
        let body = self.block(&fields, list.map(|list| (list, "do")), (node, 0), place);
        Some(What::Each {
            items,
            max: max.unwrap_or(AT_ONCE),
            collect,
            body,
        })
    }

    fn block(
        &mut self,
        fields: &Fields<'j>,
        list: Option<(&'j Value, &str)>,
        arm: (u32, u32),
        place: &Place<'_>,
    ) -> Block<'j> {
        let statements = match list {
            Some((list, key)) => self.inside(arm, list, &place.key(key)),
            None => Vec::new(),
        };
        let answer = self.answer(fields, place);
        Block { statements, answer }
    }

    fn inside(&mut self, arm: (u32, u32), json: &'j Value, place: &Place<'_>) -> Vec<Stated<'j>> {
        if let Some(allowed) = self.too_deep(arm.0) {
            self.notes
                .add(place, Code::Limit, "one more level", allowed);
            return Vec::new();
        }
        self.blocks.push(arm);
        let statements = self.statements(json, place);
        self.blocks.pop();
        statements
    }

    /// What is allowed, where the statement may hold no others.
    fn too_deep(&self, outer: u32) -> Option<String> {
        if self.blocks.len() == MOST_NESTING {
            let allowed = format!("statements at most {MOST_NESTING} deep inside of each other");
            return Some(allowed);
        }
        let is_each = |node: u32| self.facts[node as usize].kind == Kind::Each;
        let around = self.blocks.iter().filter(|(node, _)| is_each(*node));
        (is_each(outer) && around.count() == MOST_FOR_EACH)
            .then(|| format!("for_each at most {MOST_FOR_EACH} deep inside of each other"))
    }

    fn arms(&mut self, json: &'j Value, place: &Place<'_>, least: usize) -> Option<&'j [Value]> {
        let list = self.list(json, place)?;
        let count = words::many(list.len(), "arm");
        if list.len() > MOST_ARMS {
            self.notes.add(
                place,
                Code::Limit,
                count,
                format!("at most {MOST_ARMS} arms"),
            );
            return None;
        }
        if list.len() < least {
            let allowed = format!("at least {}", words::many(least, "arm"));
            self.notes.add(place, Code::Shape, count, allowed);
        }
        Some(list)
    }
}

const STATEMENT: &str =
    "a statement: an object with exactly one of step, branch, parallel, for_each, sleep, stop";

fn both(map: &Map<String, Value>) -> String {
    let kinds: Vec<&str> = Kind::ALL.into_iter().map(Kind::key).collect();
    let both = map
        .keys()
        .map(String::as_str)
        .filter(|key| kinds.contains(key));
    format!("one with {}", both.collect::<Vec<_>>().join(" and "))
}
