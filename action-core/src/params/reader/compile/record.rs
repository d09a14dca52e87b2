//! What a schema says of objects.

use serde_json::Value;

use super::keyword::{len, required_names};
use super::{Compiler, Schema};
use crate::params::place::Place;
use crate::params::reader::node::{Field, Kinds, RecordRules, Rest, Union};
use crate::params::schema::{ALIAS, TWICE};

impl<'s> Compiler<'s> {
    pub(super) fn record_rules(
        &mut self,
        map: &'s Schema,
        place: &Place<'_>,
    ) -> Option<Box<RecordRules>> {
        self.check_names(map, place);
        let fields = self.fields(map, place);
        let mut required = vec![0; fields.len().div_ceil(64).max(1)];
        for name in required_names(map).chain(required_by_any_name(map)) {
            match fields.iter().position(|field| *field.name == *name) {
                Some(slot) => required[slot / 64] |= 1 << (slot % 64),
                None => self.defect(
                    place,
                    format_args!("{name:?} is required but not described"),
                ),
            }
        }
        let rest = match map.get("additionalProperties") {
            None => Rest::Open,
            Some(Value::Bool(true)) => Rest::Named,
            Some(Value::Bool(false)) => Rest::Closed,
            Some(each) => Rest::Each(self.schema(each, &Place::Key(place, "additionalProperties"))),
        };
        let keys = map
            .get("propertyNames")
            .map(|keys| self.schema(keys, &Place::Key(place, "propertyNames")));
        let sealed = match map.get("unevaluatedProperties") {
            None | Some(Value::Bool(true)) => false,
            Some(Value::Bool(false)) => true,
            Some(_) => {
                self.defect(place, "flattening a map beside an enum can't be checked; give the map a field of its own");
                false
            }
        };
        let rules = RecordRules {
            fields,
            required: required.into(),
            rest,
            sealed,
            keys,
            len: len(map, "minProperties", "maxProperties"),
        };
        let says_nothing = rules.fields.is_empty()
            && rules.rest == Rest::Open
            && !sealed
            && keys.is_none()
            && rules.len.is_none();
        (!says_nothing).then(|| Box::new(rules))
    }

    /// serde gives a value to one of two fields, and the other finds nothing.
    fn check_names(&mut self, map: &Schema, place: &Place<'_>) {
        let twice = map.get(TWICE).and_then(Value::as_array);
        for name in twice.into_iter().flatten() {
            self.defect(
                place,
                format_args!("two params are called {name} on the wire, one in what is flattened: rename one of them"),
            );
        }
    }

    /// Several variants without a tag may fit at once, and which names are known is then not clear.
    pub(super) fn check_flattened(
        &mut self,
        record: Option<&RecordRules>,
        union: Option<&Union>,
        place: &Place<'_>,
    ) {
        if record.is_some_and(|rules| rules.sealed)
            && let Some(Union::First(arms)) = union
            && arms
                .iter()
                .filter(|arm| self.nodes[arm.index()].kinds == Kinds::RECORD)
                .count()
                > 1
        {
            self.defect(
                place,
                "an enum without a tag can't be flattened; give it a tag, or a field of its own",
            );
        }
    }

    fn fields(&mut self, map: &'s Schema, place: &Place<'_>) -> Box<[Field]> {
        let Some(Value::Object(properties)) = map.get("properties") else {
            return Box::default();
        };
        let place = Place::Key(place, "properties");
        let slot = |index: usize, property: &Value| {
            let proper = property.get(ALIAS).and_then(Value::as_str);
            proper
                .and_then(|proper| properties.keys().position(|key| key == proper))
                .unwrap_or(index)
        };
        properties
            .iter()
            .enumerate()
            .map(|(index, (name, property))| Field {
                name: name.as_str().into(),
                node: self.schema(property, &Place::Key(&place, name)),
                slot: slot(index, property),
            })
            .collect()
    }
}

/// The names of fields that are required under one of several names.
fn required_by_any_name(map: &Schema) -> impl Iterator<Item = &str> {
    let parts = map
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    parts.filter_map(|part| part.get(ALIAS)?.as_str())
}
