//! Checks that the defaults and examples of a schema fit the schema that shows them.

use serde_json::Value;

use super::compile::{Compiler, Schema};
use super::walk::Walk;
use crate::params::place::Place;
use crate::params::show;

impl<'s> Compiler<'s> {
    /// Defaults and examples must fit the schema that shows them.
    pub(super) fn check_samples(&mut self, schema: &'s Value, place: &Place<'_>) {
        let Value::Object(map) = schema else { return };
        self.check_sample_of(map, place);
        for (keyword, inner) in map {
            let here = Place::Key(place, keyword);
            match inner {
                Value::Object(children) if keyword == "properties" || keyword == "$defs" => {
                    for (name, child) in children {
                        self.check_samples(child, &Place::Key(&here, name));
                    }
                }
                Value::Object(_)
                    if matches!(
                        keyword.as_str(),
                        "items" | "additionalProperties" | "propertyNames"
                    ) =>
                {
                    self.check_samples(inner, &here);
                }
                Value::Array(list)
                    if matches!(
                        keyword.as_str(),
                        "anyOf" | "oneOf" | "allOf" | "prefixItems"
                    ) =>
                {
                    for (index, child) in list.iter().enumerate() {
                        self.check_samples(child, &Place::Index(&here, index));
                    }
                }
                _ => {}
            }
        }
    }

    fn check_sample_of(&mut self, map: &'s Schema, place: &Place<'_>) {
        let examples = map
            .get("examples")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let samples: Vec<(&str, &Value)> = map
            .get("default")
            .map(|sample| ("default", sample))
            .into_iter()
            .chain(examples.map(|sample| ("example", sample)))
            .collect();
        if samples.is_empty() {
            return;
        }
        let node = self.node(map, place);
        let id = self.add(node);
        self.spread_secrets();
        let guarded = self.nodes[id.index()].guards();
        for (what, sample) in samples {
            let mut walk = Walk::new(&self.nodes);
            walk.value(id, &mut sample.clone(), &Place::Root);
            let shown = if guarded {
                show::SECRET.to_owned()
            } else {
                sample.to_string()
            };
            for violation in &walk.into_violations() {
                self.defect(
                    place,
                    format_args!("the {what} {shown} breaks its own rule: {violation}"),
                );
            }
        }
    }
}
