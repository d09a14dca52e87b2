//! The walk over a value: each node's rules, every violation, integers put right on the way.

use serde_json::{Map, Value};

use super::filled::Filled;
use super::node::{Field, Id, Kinds, ListRules, Node, RecordRules, Rest};
use super::noted::Noted;
use crate::params::place::Place;
use crate::params::rules::Counts;
use crate::params::show::{self, SECRET_LIST};
use crate::params::violation::{Code, Violation, Violations};
use enact_grammar::number;

/// How deep values may nest: deeper than `serde_json` reads text.
const DEEPEST: u32 = 128;
/// How many nodes one reading may visit in vain, looking for the variant of an enum without a tag,
/// before the size of the value counts.
const LEAST_BUDGET: usize = 100_000;
/// How often each node of such an enum may be visited.
const VISITS_PER_NODE: usize = 64;

pub(super) struct Walk<'n> {
    pub(super) nodes: &'n [Node],
    found: Noted,
    depth: u32,
    secret: bool,
    /// How many attempts are under way, one inside the other.
    trying: u32,
    /// How many visits are left to attempts, so that a hostile value can't make them go on for
    /// ever.
    budget: usize,
    spent: bool,
}

impl<'n> Walk<'n> {
    pub(super) fn new(nodes: &'n [Node]) -> Self {
        Self {
            nodes,
            found: Noted::default(),
            depth: 0,
            secret: false,
            trying: 0,
            budget: LEAST_BUDGET,
            spent: false,
        }
    }

    pub(super) fn into_violations(self) -> Violations {
        if !self.spent {
            return self.found.into_violations();
        }
        let spent = Violation {
            pointer: String::new(),
            code: Code::Limit,
            found: "too many ways to read it".to_owned(),
            allowed: "less nesting in values whose variant has no name".to_owned(),
            hint: None,
        };
        Violations::of(vec![spent], 0)
    }

    pub(super) fn node(&self, id: Id) -> &'n Node {
        &self.nodes[id.index()]
    }

    /// Walks on a copy, to see whether it fits; the violations are those of the copy.
    pub(super) fn attempt(&mut self, id: Id, value: &Value, place: &Place<'_>) -> (Value, Noted) {
        let size = size(value);
        match self.trying {
            0 => self.budget += VISITS_PER_NODE * size,
            _ => self.spend(size),
        }
        if self.spent {
            return (Value::Null, Noted::default());
        }
        let before = std::mem::take(&mut self.found);
        let mut copy = value.clone();
        self.trying += 1;
        self.value(id, &mut copy, place);
        self.trying -= 1;
        (copy, std::mem::replace(&mut self.found, before))
    }

    fn spend(&mut self, visits: usize) {
        match self.budget.checked_sub(visits) {
            Some(left) => self.budget = left,
            None => self.spent = true,
        }
    }

    /// Whether there is no use in going on.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    pub(super) fn adopt(&mut self, noted: Noted) {
        self.found.adopt(noted);
    }

    pub(super) fn hide(&mut self) {
        self.secret = true;
    }

    pub(super) fn value(&mut self, id: Id, value: &mut Value, place: &Place<'_>) {
        if self.trying > 0 {
            self.spend(1);
        }
        if self.spent {
            return;
        }
        let outer_secret = self.secret;
        let node = self.node(id);
        self.secret |= node.is_secret();
        self.by_kind(node, value, place);
        self.secret = outer_secret;
    }

    /// A value one level further in.
    pub(super) fn inside(&mut self, id: Id, value: &mut Value, place: &Place<'_>) {
        self.depth += 1;
        if self.depth < DEEPEST {
            self.value(id, value, place);
        } else {
            let allowed = format!("at most {DEEPEST} levels");
            self.add(
                place,
                Code::Limit,
                "a value too deep inside".to_owned(),
                allowed,
            );
        }
        self.depth -= 1;
    }

    fn by_kind(&mut self, node: &'n Node, value: &mut Value, place: &Place<'_>) {
        if !node.kinds.has(kind(value)) {
            self.wrong_type(node, value, place);
            return;
        }
        if let Some(constants) = &node.constants
            && !constants.iter().any(|one| number::json_eq(one, value))
        {
            // The list says all that the other rules would.
            self.not_listed(constants, value, place);
            return;
        }
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(found) => self.number(node, found, place),
            Value::String(found) => {
                if let Some(rules) = &node.text {
                    self.text(rules, found, place);
                }
            }
            Value::Array(found) => {
                if let Some(rules) = &node.list {
                    self.list(rules, found, place);
                }
            }
            Value::Object(found) => {
                if let Some(rules) = &node.record {
                    self.record(rules, found, place);
                }
            }
        }
        if node.is_composed() {
            self.composed(node, value, place);
        }
        if node.record.as_ref().is_some_and(|rules| rules.sealed) {
            self.sealed(node, value, place);
        }
    }

    fn composed(&mut self, node: &'n Node, value: &mut Value, place: &Place<'_>) {
        for part in &node.all {
            self.value(*part, value, place);
        }
        if let Some(union) = &node.union {
            self.union(node, union, value, place);
        }
    }

    fn wrong_type(&mut self, node: &Node, value: &Value, place: &Place<'_>) {
        let allowed = self.wanted(node);
        self.add(place, Code::Type, shown(node, value), allowed);
    }

    /// What a node takes, in words.
    fn wanted(&self, node: &Node) -> String {
        match (&node.constants, node.takes) {
            (Some(_), _) if self.secret || node.is_secret() => SECRET_LIST.to_owned(),
            (Some(constants), _) => show::one_of(constants),
            (None, Kinds::ANY) => "a value".to_owned(),
            (None, takes) => takes.words(),
        }
    }

    fn not_listed(&mut self, allowed: &[Value], value: &Value, place: &Place<'_>) {
        let names = allowed.iter().filter_map(Value::as_str);
        let hint = value
            .as_str()
            .and_then(|found| show::did_you_mean(found, names));
        let allowed = if self.secret {
            SECRET_LIST.to_owned()
        } else {
            show::one_of(allowed)
        };
        self.add_with(place, Code::OneOf, show::value(value), allowed, hint);
    }

    fn list(&mut self, rules: &ListRules, found: &mut [Value], place: &Place<'_>) {
        if let Some(len) = rules.len {
            self.len(len, found.len() as u64, Counts::Items, place);
        }
        if rules.unique
            && let Some((first, second)) = number::has_duplicates(found)
        {
            let found = show::alike(first, second);
            self.add(place, Code::Unique, found, show::NO_TWO_ALIKE.to_owned());
        }
        for (index, item) in found.iter_mut().enumerate() {
            let place = Place::Index(place, index);
            match (rules.first.get(index), rules.rest) {
                (Some(id), _) => self.inside(*id, item, &place),
                (None, Rest::Each(id)) => self.inside(id, item, &place),
                (None, Rest::Open | Rest::Named | Rest::Closed) => {}
            }
        }
    }

    fn record(&mut self, rules: &RecordRules, found: &mut Map<String, Value>, place: &Place<'_>) {
        if let Some(len) = rules.len {
            self.len(len, found.len() as u64, Counts::Keys, place);
        }
        let mut filled = Filled::new(rules);
        for (position, (key, value)) in found.iter_mut().enumerate() {
            let here = Place::Member(place, key, position);
            // A key of a secret map is part of the secret.
            let outside = if self.secret { *place } else { here };
            if let Some(keys) = rules.keys {
                self.value(keys, &mut Value::String(key.clone()), &outside);
            }
            match (rules.field_near(position, key), rules.rest) {
                (Some(field), _) => {
                    if filled.fill(field.slot) {
                        self.twice(&rules.fields[field.slot], &here);
                    }
                    self.inside(field.node, value, &here);
                }
                (None, Rest::Each(node)) => self.inside(node, value, &outside),
                (None, Rest::Open | Rest::Named) => {}
                (None, Rest::Closed) => self.unknown(rules.names(), key, &outside),
            }
        }
        for slot in filled.missing(rules) {
            self.missing(&rules.fields[slot], place);
        }
    }

    fn twice(&mut self, proper: &Field, place: &Place<'_>) {
        let allowed = format!("{:?} once, under one of its names", proper.name);
        self.add(
            place,
            Code::Twice,
            "another value for it".to_owned(),
            allowed,
        );
    }

    pub(super) fn unknown<'k>(
        &mut self,
        names: impl Iterator<Item = &'k str>,
        key: &str,
        place: &Place<'_>,
    ) {
        if self.found.is_full() {
            // It is counted only; nobody reads what else there is to say.
            self.add_plain(place, Code::Unknown, String::new(), String::new(), None);
            return;
        }
        let names: Vec<&str> = names.collect();
        let hint = show::did_you_mean(key, names.iter().copied());
        let allowed = match names.as_slice() {
            [] => "no fields".to_owned(),
            names => show::names(names.iter().copied()),
        };
        // Its value is not shown: a secret under a misspelt name would be.
        let found = format!("the unknown field {}", show::text(key));
        self.add_with(place, Code::Unknown, found, allowed, hint);
    }

    fn missing(&mut self, field: &Field, place: &Place<'_>) {
        let place = Place::Key(place, &field.name);
        let allowed = self.wanted(self.node(field.node));
        self.add_plain(&place, Code::Required, "nothing".to_owned(), allowed, None);
    }

    pub(super) fn add(&mut self, place: &Place<'_>, code: Code, found: String, allowed: String) {
        self.add_with(place, code, found, allowed, None);
    }

    pub(super) fn add_with(
        &mut self,
        place: &Place<'_>,
        code: Code,
        found: String,
        allowed: String,
        hint: Option<String>,
    ) {
        if self.secret {
            self.add_plain(place, code, show::SECRET.to_owned(), allowed, None);
        } else {
            self.add_plain(place, code, found, allowed, hint);
        }
    }

    fn add_plain(
        &mut self,
        place: &Place<'_>,
        code: Code,
        found: String,
        allowed: String,
        hint: Option<String>,
    ) {
        // What is only counted needs no place.
        let full = self.found.is_full();
        let (path, pointer) = if full {
            Default::default()
        } else {
            (place.path(), place.pointer())
        };
        self.found.push(
            path,
            Violation {
                pointer,
                code,
                found,
                allowed,
                hint,
            },
        );
    }
}

/// What was found where a node's value should be; only its type, if secrets lie in there.
pub(super) fn shown(node: &Node, value: &Value) -> String {
    if node.guards() {
        kind(value).words()
    } else {
        show::value(value)
    }
}

/// How many values there are in a value, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

pub(super) fn kind(value: &Value) -> Kinds {
    match value {
        Value::Null => Kinds::NULL,
        Value::Bool(_) => Kinds::BOOL,
        Value::Number(found) if !found.is_f64() || number::is_integer(found) => Kinds::INTEGER,
        Value::Number(_) => Kinds::FRACTION,
        Value::String(_) => Kinds::STRING,
        Value::Array(_) => Kinds::LIST,
        Value::Object(_) => Kinds::RECORD,
    }
}
