//! Values of several shapes: which arm applies, and what to say when none does.

use serde_json::{Map, Value};

use super::node::{Id, Kinds, Node, Union};
use super::walk::{Walk, kind};
use crate::params::place::Place;
use crate::params::show;
use crate::params::violation::{Code, Violations};

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
                value => self.unit(units, arms, value, place),
            },
            Union::First(arms) => self.first(node, arms, value, place),
        }
    }

    fn tagged(&mut self, key: &str, arms: &Arms, value: &mut Value, place: &Place<'_>) {
        let Value::Object(map) = &*value else { return };
        let here = Place::Key(place, key);
        let Some(tag) = map.get(key) else {
            self.add(&here, Code::Required, "nothing".to_owned(), allowed(names(arms)));
            return;
        };
        match arm(arms, tag) {
            Some(id) => self.value(id, value, place),
            None => self.no_variant(&here, &tag.clone(), names(arms)),
        }
    }

    fn unit(&mut self, units: &[Box<str>], arms: &Arms, value: &Value, place: &Place<'_>) {
        if value.as_str().is_some_and(|found| units.iter().any(|unit| **unit == *found)) {
            return;
        }
        if let Some(id) = arm(arms, value) {
            let (name, words) = (show::value(value), self.node(id).kinds.words());
            let allowed = format!("an object with {name} as its key and {words} under it");
            self.add(place, Code::Variant, name, allowed);
            return;
        }
        self.no_variant(place, value, units.iter().map(|unit| &**unit).chain(names(arms)));
    }

    fn no_variant<'k>(
        &mut self,
        place: &Place<'_>,
        value: &Value,
        names: impl Iterator<Item = &'k str> + Clone,
    ) {
        let hint = value.as_str().and_then(|found| show::did_you_mean(found, names.clone()));
        self.add_with(place, Code::Variant, show::value(value), allowed(names), hint);
    }

    fn keyed(
        &mut self,
        units: &[Box<str>],
        arms: &Arms,
        map: &mut Map<String, Value>,
        place: &Place<'_>,
    ) {
        let only = map.len() == 1;
        for (key, value) in map.iter_mut() {
            let here = Place::Key(place, key);
            let named = arms.iter().find(|(name, _)| **name == **key);
            match named {
                Some((_, id)) if only => {
                    self.value(*id, value, &here);
                    return;
                }
                Some(_) => {}
                None if units.iter().any(|unit| **unit == **key) => {
                    let allowed = format!("the string {key:?} by itself");
                    self.add(place, Code::Variant, "an object".to_owned(), allowed);
                    return;
                }
                None => {
                    self.unknown(names(arms), key, &here);
                    return;
                }
            }
        }
        let found = show::value(&Value::Object(map.clone()));
        let allowed = format!("an object with one key, {}", allowed(names(arms)));
        self.add(place, Code::Variant, found, allowed);
    }

    fn first(&mut self, node: &Node, arms: &[Id], value: &mut Value, place: &Place<'_>) {
        let found = kind(value);
        let mut nearest: Option<Violations> = None;
        for id in arms {
            if !self.node(*id).kinds.has(found) {
                continue;
            }
            let (copy, violations) = self.attempt(*id, value, place);
            if violations.is_empty() {
                *value = copy;
                return;
            }
            if nearest.as_ref().is_none_or(|nearest| violations.len() < nearest.len()) {
                nearest = Some(violations);
            }
        }
        match nearest {
            Some(violations) => self.adopt(&violations),
            None => {
                let kinds = arms.iter().fold(Kinds::NONE, |all, id| all.or(self.node(*id).kinds));
                let kinds = if kinds == Kinds::ANY { node.kinds } else { kinds };
                self.add(place, Code::Type, show::value(value), kinds.words());
            }
        }
    }

    /// Refuses what neither the node, nor its parts, nor the arm that applies have named.
    pub(super) fn sealed(&mut self, node: &'n Node, value: &Value, place: &Place<'_>) {
        let Value::Object(map) = value else { return };
        let mut names = Vec::new();
        self.all_names(node, value, &mut names);
        for key in map.keys().filter(|key| !names.contains(&key.as_str())) {
            self.unknown(names.iter().copied(), key, &Place::Key(place, key));
        }
    }

    fn all_names(&self, node: &'n Node, value: &Value, names: &mut Vec<&'n str>) {
        if let Some(record) = &node.record {
            names.extend(record.fields.iter().map(|field| &*field.name));
        }
        for part in &node.all {
            self.all_names(self.node(*part), value, names);
        }
        let arm = match &node.union {
            Some(Union::Tagged { key, arms }) => value.get(&**key).and_then(|tag| arm(arms, tag)),
            Some(Union::Nullable(arm)) => Some(*arm),
            Some(Union::First(arms)) => {
                arms.iter().copied().find(|arm| self.fits(*arm, value))
            }
            Some(Union::Keyed { .. }) | None => None,
        };
        if let Some(arm) = arm {
            self.all_names(self.node(arm), value, names);
        }
    }

    fn fits(&self, arm: Id, value: &Value) -> bool {
        let mut walk = Walk::new(self.nodes);
        walk.value(arm, &mut value.clone(), &Place::Root);
        walk.into_violations().is_empty()
    }
}

fn arm(arms: &Arms, tag: &Value) -> Option<Id> {
    let tag = tag.as_str()?;
    arms.iter().find(|(name, _)| **name == *tag).map(|(_, id)| *id)
}

fn names(arms: &Arms) -> impl Iterator<Item = &str> + Clone {
    arms.iter().map(|(name, _)| &**name)
}

fn allowed<'k>(names: impl Iterator<Item = &'k str>) -> String {
    let names: Vec<Value> = names.map(Into::into).collect();
    show::one_of(&names)
}
