//! Values of several shapes: which arm applies, and what to say when none does.

use serde_json::{Map, Value};

use super::filled::Filled;
use super::node::{Id, Node, Rest, Union};
use super::noted::Noted;
use super::walk::{Walk, kind, shown};
use crate::params::place::Place;
use crate::params::rules::Counts;
use crate::params::show;
use crate::params::violation::Code;

type Arms = [(Box<str>, Id)];

impl<'n> Walk<'n> {
    pub(super) fn union(
        &mut self,
        node: &'n Node,
        union: &'n Union,
        value: &mut Value,
        place: &Place<'_>,
    ) {
        match union {
            Union::Nullable(_) if value.is_null() => {}
            Union::Nullable(arm) => self.value(*arm, value, place),
            Union::Tagged { key, arms } => self.tagged(key, arms, value, place),
            Union::Keyed { units, arms } => match value {
                Value::Object(map) => self.keyed(units, arms, map, place),
                value => self.unit(node, units, arms, value, place),
            },
            Union::First(arms) => {
                // What one arm takes for harmless may be another's secret.
                if node.guards() {
                    self.hide();
                }
                self.first(node, arms, value, place);
            }
        }
    }

    fn tagged(&mut self, key: &str, arms: &Arms, value: &mut Value, place: &Place<'_>) {
        let Value::Object(map) = &*value else { return };
        let Some((position, (_, tag))) = map.iter().enumerate().find(|(_, (name, _))| *name == key)
        else {
            let here = Place::Key(place, key);
            self.add(
                &here,
                Code::Required,
                "nothing".to_owned(),
                allowed(names(arms)),
            );
            return;
        };
        let here = Place::Member(place, key, position);
        match arm(arms, tag) {
            Some(id) => self.value(id, value, place),
            None => self.no_variant(&here, &tag.clone(), names(arms)),
        }
    }

    fn unit(
        &mut self,
        node: &Node,
        units: &[Box<str>],
        arms: &Arms,
        value: &Value,
        place: &Place<'_>,
    ) {
        if value
            .as_str()
            .is_some_and(|found| units.iter().any(|unit| **unit == *found))
        {
            return;
        }
        if let Some(id) = arm(arms, value) {
            let (name, words) = (show::value(value), self.node(id).kinds.words());
            let allowed = format!("an object with {name} as its key and {words} under it");
            self.add(place, Code::Variant, name, allowed);
            return;
        }
        let names = units.iter().map(|unit| &**unit).chain(names(arms));
        if node.guards() {
            self.add(place, Code::Variant, shown(node, value), allowed(names));
        } else {
            self.no_variant(place, value, names);
        }
    }

    fn no_variant<'k>(
        &mut self,
        place: &Place<'_>,
        value: &Value,
        names: impl Iterator<Item = &'k str> + Clone,
    ) {
        let hint = value
            .as_str()
            .and_then(|found| show::did_you_mean(found, names.clone()));
        self.add_with(
            place,
            Code::Variant,
            show::value(value),
            allowed(names),
            hint,
        );
    }

    fn keyed(
        &mut self,
        units: &[Box<str>],
        arms: &Arms,
        map: &mut Map<String, Value>,
        place: &Place<'_>,
    ) {
        let named = |key: &str| arms.iter().find(|(name, _)| **name == *key);
        let known = map.keys().filter(|key| named(key).is_some()).count();
        if let [unit] = map.keys().collect::<Vec<_>>().as_slice()
            && units.iter().any(|name| **name == ***unit)
            && known == 0
        {
            let allowed = format!("the string {unit:?} by itself");
            self.add(place, Code::Variant, "an object".to_owned(), allowed);
            return;
        }
        if known > 1 || map.is_empty() {
            let found = Counts::Keys.many(map.len() as u64);
            let allowed = format!("an object with one key, {}", allowed(names(arms)));
            self.add(
                place,
                Code::Variant,
                format!("an object with {found}"),
                allowed,
            );
            return;
        }
        for (position, (key, value)) in map.iter_mut().enumerate() {
            let here = Place::Member(place, key, position);
            match named(key) {
                Some((_, id)) => self.inside(*id, value, &here),
                None => self.unknown(names(arms), key, &here),
            }
        }
    }

    /// The first arm that fits. Each one is tried, as serde will try them: what takes too long here
    /// would take too long there.
    fn first(&mut self, node: &Node, arms: &[Id], value: &mut Value, place: &Place<'_>) {
        let found = kind(value);
        let mut nearest: Option<(bool, Noted)> = None;
        for id in arms {
            if !self.node(*id).takes.has(found) {
                continue;
            }
            let (copy, noted) = self.attempt(*id, value, place);
            if self.is_spent() {
                return;
            }
            if noted.is_empty() {
                *value = copy;
                return;
            }
            let likely = self.is_likely(self.node(*id), value);
            let nearer =
                |(known, nearest): &(bool, Noted)| (!likely, noted.len()) < (!known, nearest.len());
            if nearest.as_ref().is_none_or(nearer) {
                nearest = Some((likely, noted));
            }
        }
        match nearest {
            Some((_, noted)) => self.adopt(noted),
            None => {
                self.add(place, Code::Type, shown(node, value), node.takes.words());
            }
        }
    }

    /// Whether an object has the fields that the arm requires, and none that it refuses.
    fn is_likely(&self, arm: &Node, value: &Value) -> bool {
        let Value::Object(map) = value else {
            return true;
        };
        let parts = arm
            .all
            .iter()
            .all(|part| self.is_likely(self.node(*part), value));
        let Some(rules) = &arm.record else {
            return parts;
        };
        let mut filled = Filled::new(rules);
        for key in map.keys() {
            match rules.field(key) {
                Some(field) => drop(filled.fill(field.slot)),
                None if rules.rest == Rest::Closed => return false,
                None => {}
            }
        }
        parts && filled.missing(rules).next().is_none()
    }

    /// Refuses what neither the node, nor its parts, nor the arm that applies have named.
    pub(super) fn sealed(&mut self, node: &'n Node, value: &Value, place: &Place<'_>) {
        let Value::Object(map) = value else { return };
        let mut names = Vec::new();
        if self.names_all(node, value, place, &mut names) {
            return;
        }
        for (position, key) in map.keys().enumerate() {
            if !names.contains(&key.as_str()) {
                self.unknown(
                    names.iter().copied(),
                    key,
                    &Place::Member(place, key, position),
                );
            }
        }
    }

    /// Gathers the names that apply; true where every name does.
    fn names_all(
        &mut self,
        node: &'n Node,
        value: &Value,
        place: &Place<'_>,
        names: &mut Vec<&'n str>,
    ) -> bool {
        if let Some(record) = &node.record {
            names.extend(record.fields.iter().map(|field| &*field.name));
            if matches!(record.rest, Rest::Each(_) | Rest::Named) {
                return true;
            }
        }
        let mut all = false;
        let arms = self.arms_that_apply(node, value, place);
        for id in node.all.iter().copied().chain(arms) {
            all |= self.names_all(self.node(id), value, place, names);
        }
        if let Some(Union::Keyed { arms, .. }) = &node.union {
            names.extend(self::names(arms));
        }
        all
    }

    /// Every arm that fits; if none does, every arm, since the refusal says enough.
    fn arms_that_apply(&mut self, node: &'n Node, value: &Value, place: &Place<'_>) -> Vec<Id> {
        match &node.union {
            Some(Union::Tagged { key, arms }) => {
                match value.get(&**key).and_then(|tag| arm(arms, tag)) {
                    Some(arm) => vec![arm],
                    None => arms.iter().map(|(_, id)| *id).collect(),
                }
            }
            Some(Union::Nullable(arm)) => vec![*arm],
            Some(Union::First(arms)) => {
                let fits = |id: &Id| self.attempt(*id, value, place).1.is_empty();
                let fitting: Vec<Id> = arms.iter().copied().filter(fits).collect();
                if fitting.is_empty() {
                    arms.to_vec()
                } else {
                    fitting
                }
            }
            Some(Union::Keyed { .. }) | None => Vec::new(),
        }
    }
}

fn arm(arms: &Arms, tag: &Value) -> Option<Id> {
    let tag = tag.as_str()?;
    arms.iter()
        .find(|(name, _)| **name == *tag)
        .map(|(_, id)| *id)
}

fn names(arms: &Arms) -> impl Iterator<Item = &str> + Clone {
    arms.iter().map(|(name, _)| &**name)
}

fn allowed<'k>(names: impl Iterator<Item = &'k str>) -> String {
    show::names(names)
}
