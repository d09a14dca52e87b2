//! Objects: structs, maps, and the alternatives that exist only for other spellings of a key.

use serde_json::{Map, Value};

use super::bounds::{ENTRIES, bounds};
use super::{DEPTH, Reader, below};
use crate::tool::shape::{Field, Object, Rest};

impl Reader<'_> {
    pub(super) fn object(
        &mut self,
        schema: &Map<String, Value>,
        field: &str,
        depth: usize,
    ) -> Object {
        let properties = schema.get("properties").and_then(Value::as_object);
        let alias = |name: &str| {
            properties
                .and_then(|all| all.get(name))
                .is_some_and(|node| node.get("x-alias").is_some())
        };
        let mut required: Vec<&str> = schema.get("required").into_iter().flat_map(names).collect();
        for keyword in ["anyOf", "oneOf"] {
            let arms = schema.get(keyword).and_then(Value::as_array);
            required.extend(
                arms.and_then(|arms| one_spelling(arms, &alias))
                    .into_iter()
                    .flatten(),
            );
        }
        let mut fields = Vec::new();
        for (name, node) in properties.into_iter().flatten() {
            if !alias(name) {
                fields.push(Field {
                    name: name.clone(),
                    required: required.contains(&name.as_str()),
                    node: self.node(node, &below(field, name), depth + 1),
                });
            }
        }
        let rest = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => Rest::Closed,
            None | Some(Value::Bool(true)) if properties.is_some() => Rest::Open,
            value => {
                let value = value.unwrap_or(&Value::Bool(true));
                let value = Box::new(self.node(value, &below(field, "*"), depth + 1));
                let key = schema.get("propertyNames").map(|key| {
                    // Keys are strings even where only their pattern is given.
                    let mut key = key.as_object().cloned().unwrap_or_default();
                    if !key.contains_key("$ref") {
                        key.entry("type").or_insert_with(|| Value::from("string"));
                    }
                    Box::new(self.node(&Value::Object(key), field, DEPTH.min(depth + 1)))
                });
                Rest::Entries { key, value }
            }
        };
        Object {
            fields,
            rest,
            bounds: bounds(schema, ENTRIES),
        }
    }

    /// The schema with its `allOf` worked in and its alias rules resolved.
    pub(super) fn without_all_of(
        &mut self,
        schema: &Map<String, Value>,
        field: &str,
    ) -> Option<Map<String, Value>> {
        let mut whole = schema.clone();
        let properties = schema.get("properties").and_then(Value::as_object);
        let alias = |name: &str| {
            properties
                .and_then(|all| all.get(name))
                .is_some_and(|node| node.get("x-alias").is_some())
        };
        let mut parts = match whole.remove("allOf") {
            Some(Value::Array(parts)) => parts,
            _ => Vec::new(),
        };
        if let Some(not) = whole.remove("not") {
            parts.push(Value::Object(Map::from_iter([("not".to_owned(), not)])));
        }
        for part in parts {
            let arms = ["anyOf", "oneOf"]
                .into_iter()
                .find_map(|keyword| part.get(keyword));
            if part.as_object().is_some_and(|part| part.len() == 1)
                && let Some(Value::Array(arms)) = arms
                && let Some(names) = one_spelling(arms, &alias)
            {
                let required = whole
                    .entry("required")
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(required) = required {
                    required.extend(names.into_iter().map(Value::from));
                }
                continue;
            }
            if part.get("not").is_some_and(|not| mentions(not, &alias)) {
                continue;
            }
            if part.get("not").is_some() {
                self.fault(field, "not", "no tool can say it", "check it in code");
                return None;
            }
            whole = self.merged(&part, &whole, field)?;
        }
        Some(whole)
    }
}

/// Whether all the arms only require keys (or forbid them).
pub(super) fn is_alternative(arms: &Value) -> bool {
    arms.as_array().is_some_and(|arms| {
        !arms.is_empty()
            && arms.iter().all(|arm| {
                arm.as_object().is_some_and(|arm| {
                    !arm.is_empty() && arm.keys().all(|key| key == "required" || key == "not")
                })
            })
    })
}

/// The keys to require when all spellings but the proper one are left out; `None` if the arms
/// are about something else.
fn one_spelling<'a>(arms: &'a [Value], alias: &impl Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    if !arms.iter().all(|arm| {
        arm.as_object().is_some_and(|arm| {
            !arm.is_empty() && arm.keys().all(|key| key == "required" || key == "not")
        })
    }) {
        return None;
    }
    if arms.iter().any(|arm| arm.get("required").is_none()) {
        return Some(Vec::new());
    }
    let mut proper = arms
        .iter()
        .map(|arm| names(&arm["required"]).collect::<Vec<_>>())
        .filter(|names| !names.iter().any(|name| alias(name)));
    let first = proper.next()?;
    proper.next().is_none().then_some(first)
}

fn mentions(not: &Value, alias: &impl Fn(&str) -> bool) -> bool {
    let arms = not.get("anyOf").and_then(Value::as_array);
    match arms {
        Some(arms) => arms.iter().all(|arm| names(&arm["required"]).any(alias)),
        None => names(&not["required"]).any(alias),
    }
}

fn names(required: &Value) -> impl Iterator<Item = &str> {
    required
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
