//! The walk over a value: each node's rules, every violation, integers put right on the way.

use serde_json::{Map, Number, Value};

use super::node::{Field, Id, Kinds, ListRules, Node, NumberRules, RecordRules, Rest, TextRules};
use enact_grammar::number;
use crate::params::place::Place;
use crate::params::report::fits;
use crate::params::rules::{Counts, Len};
use crate::params::show;
use crate::params::violation::{Code, Violation, Violations};

/// How deep values may nest; serde_json's own limit for text.
const DEEPEST: u32 = 128;
/// How many nodes one reading may visit, so that a hostile value in a recursive untagged enum
/// can't make it take forever.
const MOST_VISITS: u32 = 4_000_000;

pub(super) struct Walk<'n> {
    pub(super) nodes: &'n [Node],
    found: Violations,
    depth: u32,
    visits: u32,
    secret: bool,
}

impl<'n> Walk<'n> {
    pub(super) fn new(nodes: &'n [Node]) -> Self {
        Self { nodes, found: Violations::default(), depth: 0, visits: 0, secret: false }
    }

    pub(super) fn into_violations(self) -> Violations {
        self.found
    }

    pub(super) fn node(&self, id: Id) -> &'n Node {
        &self.nodes[id.0 as usize]
    }

    /// Walks on a copy, to see whether it fits; the violations are those of the copy.
    pub(super) fn attempt(&mut self, id: Id, value: &Value, place: &Place<'_>) -> (Value, Violations) {
        let before = std::mem::take(&mut self.found);
        let mut copy = value.clone();
        self.value(id, &mut copy, place);
        (copy, std::mem::replace(&mut self.found, before))
    }

    pub(super) fn adopt(&mut self, violations: &Violations) {
        for violation in violations {
            self.found.push(violation.clone());
        }
    }

    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    pub(super) fn value(&mut self, id: Id, value: &mut Value, place: &Place<'_>) {
        self.visits += 1;
        if self.depth > DEEPEST || self.visits > MOST_VISITS {
            let allowed = format!("at most {DEEPEST} levels deep");
            self.add(place, Code::Limit, show::value(value), allowed);
            return;
        }
        self.depth += 1;
        let outer_secret = self.secret;
        let node = self.node(id);
        self.secret |= node.secret;
        self.by_kind(node, value, place);
        self.secret = outer_secret;
        self.depth -= 1;
    }

    fn by_kind(&mut self, node: &'n Node, value: &mut Value, place: &Place<'_>) {
        let before = self.count();
        if !node.kinds.has(kind(value)) {
            self.wrong_type(node, value, place);
            return;
        }
        if node.is_composed() {
            self.composed(node, value, place);
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
        if node.record.as_ref().is_some_and(|rules| rules.sealed) && self.count() == before {
            self.sealed(node, value, place);
        }
    }

    fn composed(&mut self, node: &'n Node, value: &mut Value, place: &Place<'_>) {
        if let Some(union) = &node.union {
            self.union(node, union, value, place);
        }
        for part in &node.all {
            self.value(*part, value, place);
        }
        if let Some(constants) = &node.constants {
            self.constants(constants, value, place);
        }
    }

    fn wrong_type(&mut self, node: &Node, value: &Value, place: &Place<'_>) {
        let allowed = match &node.constants {
            Some(constants) => show::one_of(constants),
            None => node.kinds.words(),
        };
        self.add(place, Code::Type, show::value(value), allowed);
    }

    fn constants(&mut self, allowed: &[Value], value: &Value, place: &Place<'_>) {
        if allowed.iter().any(|one| number::json_eq(one, value)) {
            return;
        }
        let names = allowed.iter().filter_map(Value::as_str);
        let hint = value.as_str().and_then(|found| show::did_you_mean(found, names));
        self.add_with(place, Code::OneOf, show::value(value), show::one_of(allowed), hint);
    }

    fn number(&mut self, node: &Node, found: &mut Number, place: &Place<'_>) {
        if found.is_f64()
            && !node.kinds.has(Kinds::FRACTION)
            && let Some(integer) = number::to_integer(found)
        {
            *found = integer;
        }
        if let Some(rules) = &node.number {
            self.number_rules(rules, found, place);
        }
    }

    fn number_rules(&mut self, rules: &NumberRules, found: &Number, place: &Place<'_>) {
        if let (Some((least, most)), Some(found)) = (rules.whole, found.as_i64())
            && (least..=most).contains(&found)
        {
            return;
        }
        use std::cmp::Ordering::{Equal, Greater, Less};
        let bounds = [
            (&rules.min, Code::Min, "at least", [Equal, Greater]),
            (&rules.max, Code::Max, "at most", [Equal, Less]),
            (&rules.exclusive_min, Code::ExclusiveMin, "more than", [Greater, Greater]),
            (&rules.exclusive_max, Code::ExclusiveMax, "less than", [Less, Less]),
        ];
        for (bound, code, words, fine) in bounds {
            if let Some(bound) = bound
                && !fine.contains(&number::compare(found, bound))
            {
                self.add(place, code, found.to_string(), format!("{words} {bound}"));
            }
        }
        if let Some(unit) = &rules.multiple_of
            && !number::is_multiple_of(found, unit)
        {
            let allowed = format!("a multiple of {unit}");
            self.add(place, Code::MultipleOf, found.to_string(), allowed);
        }
    }

    fn text(&mut self, rules: &TextRules, found: &str, place: &Place<'_>) {
        if let Some(len) = rules.len {
            // A string has at least a quarter as many characters as bytes, and at most as many.
            let bytes = found.len() as u64;
            let surely = bytes / 4 >= len.min && len.max.is_none_or(|max| bytes <= max);
            if !surely {
                let length = found.chars().count() as u64;
                self.len(len, length, Counts::Characters, place);
            }
        }
        if let Some(pattern) = &rules.pattern
            && !pattern.is_match(found)
        {
            self.add(place, Code::Pattern, show::text(found), show::pattern(pattern.source()));
        }
        if let Some(format) = rules.format
            && !format.accepts(found)
        {
            self.add(place, Code::Format, show::text(found), show::format(format));
        }
    }

    fn len(&mut self, len: Len, found: u64, counts: Counts, place: &Place<'_>) {
        if !fits(found, len) {
            self.add(place, Code::Len, counts.many(found), show::len(len, counts));
        }
    }

    fn list(&mut self, rules: &ListRules, found: &mut [Value], place: &Place<'_>) {
        if let Some(len) = rules.len {
            self.len(len, found.len() as u64, Counts::Items, place);
        }
        for (index, item) in found.iter_mut().enumerate() {
            let place = Place::Index(place, index);
            match (rules.first.get(index), rules.rest) {
                (Some(id), _) => self.value(*id, item, &place),
                (None, Rest::Each(id)) => self.value(id, item, &place),
                (None, Rest::Open | Rest::Closed) => {}
            }
        }
        if rules.unique
            && let Some((first, second)) = number::has_duplicates(found)
        {
            let found = show::alike(first, second);
            self.add(place, Code::Unique, found, show::NO_TWO_ALIKE.to_owned());
        }
    }

    fn record(&mut self, rules: &RecordRules, found: &mut Map<String, Value>, place: &Place<'_>) {
        if let Some(len) = rules.len {
            self.len(len, found.len() as u64, Counts::Keys, place);
        }
        let mut filled = Filled::new(rules);
        for (position, (key, value)) in found.iter_mut().enumerate() {
            let place = Place::Key(place, key);
            if let Some(keys) = rules.keys {
                self.key(keys, key, &place);
            }
            match (rules.field_near(position, key), rules.rest) {
                (Some(field), _) => {
                    self.filled(rules, field, &mut filled, value, &place);
                    self.value(field.node, value, &place);
                }
                (None, Rest::Each(node)) => self.value(node, value, &place),
                (None, Rest::Open) => {}
                (None, Rest::Closed) => self.unknown(rules.names(), key, &place),
            }
        }
        for slot in filled.missing(rules) {
            self.missing(&rules.fields[slot], place);
        }
    }

    fn filled(
        &mut self,
        rules: &RecordRules,
        field: &Field,
        filled: &mut Filled,
        value: &Value,
        place: &Place<'_>,
    ) {
        if filled.fill(field.slot) {
            let proper = &rules.fields[field.slot].name;
            let allowed = format!("{proper:?} once, under one of its names");
            self.add(place, Code::Twice, show::value(value), allowed);
        }
    }

    fn key(&mut self, node: Id, key: &str, place: &Place<'_>) {
        self.value(node, &mut Value::String(key.to_owned()), place);
    }

    pub(super) fn unknown<'k>(
        &mut self,
        names: impl Iterator<Item = &'k str>,
        key: &str,
        place: &Place<'_>,
    ) {
        let names: Vec<&str> = names.collect();
        let hint = show::did_you_mean(key, names.iter().copied());
        let allowed = match names.as_slice() {
            [] => "no fields".to_owned(),
            names => {
                let names: Vec<Value> = names.iter().map(|name| (*name).into()).collect();
                show::one_of(&names)
            }
        };
        // Its value is not shown: a secret under a misspelt name would be.
        let found = format!("the unknown field {key:?}");
        self.add_with(place, Code::Unknown, found, allowed, hint);
    }

    fn missing(&mut self, field: &Field, place: &Place<'_>) {
        let place = Place::Key(place, &field.name);
        let node = self.node(field.node);
        let allowed = match (&node.constants, node.kinds) {
            (Some(constants), _) => show::one_of(constants),
            (None, Kinds::ANY) => "a value".to_owned(),
            (None, kinds) => kinds.words(),
        };
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
        match self.secret {
            true => self.add_plain(place, code, show::SECRET.to_owned(), allowed, None),
            false => self.add_plain(place, code, found, allowed, hint),
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
        self.found.push(Violation { pointer: place.pointer(), code, found, allowed, hint });
    }
}

/// Which slots of a record are filled; up to 64 without an allocation.
struct Filled {
    first: u64,
    more: Vec<u64>,
}

impl Filled {
    fn new(rules: &RecordRules) -> Self {
        Self { first: 0, more: vec![0; rules.fields.len().saturating_sub(1) / 64] }
    }

    /// Fills a slot; true where it was filled before.
    fn fill(&mut self, slot: usize) -> bool {
        let word = match slot / 64 {
            0 => &mut self.first,
            n => &mut self.more[n - 1],
        };
        let bit = 1 << (slot % 64);
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    fn missing<'r>(&'r self, rules: &'r RecordRules) -> impl Iterator<Item = usize> + 'r {
        let words = rules.required.iter().enumerate();
        let missing = words.map(|(index, required)| {
            let filled = if index == 0 { self.first } else { self.more[index - 1] };
            (index, required & !filled)
        });
        missing.filter(|(_, missing)| *missing != 0).flat_map(|(index, missing)| {
            (0..64).filter(move |bit| missing & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        })
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
