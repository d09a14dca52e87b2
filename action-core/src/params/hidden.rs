//! What a published schema does not tell: the defaults of what is secret.

use serde_json::{Map, Value};

use super::schema::{LIST, MAP, ONE, each_within};

/// Takes out the defaults that are secret, or in which something is that could be.
pub(crate) fn take_out_defaults(schema: &mut Value) {
    let root = schema.clone();
    take_out(schema, &root);
}

fn take_out(schema: &mut Value, root: &Value) {
    let guarded = match schema.get("default") {
        Some(default) if is_empty(default) => is_secret(schema, root, &mut Vec::new()),
        Some(_) => guards(schema, root, &mut Vec::new()),
        None => false,
    };
    let Value::Object(map) = schema else { return };
    if guarded {
        map.shift_remove("default");
    }
    each_within(map, &mut |inner| take_out(inner, root));
}

/// Whether nothing is in the value that could be secret for itself.
fn is_empty(default: &Value) -> bool {
    match default {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Whether the value itself is secret.
fn is_secret<'v>(schema: &'v Value, root: &'v Value, seen: &mut Vec<&'v str>) -> bool {
    schema.get("writeOnly") == Some(&Value::Bool(true))
        || target(schema, root, seen).is_some_and(|target| is_secret(target, root, seen))
}

/// Whether the value is secret, or something in it.
fn guards<'v>(schema: &'v Value, root: &'v Value, seen: &mut Vec<&'v str>) -> bool {
    let Value::Object(map) = schema else {
        return false;
    };
    if map.get("writeOnly") == Some(&Value::Bool(true)) {
        return true;
    }
    if target(schema, root, seen).is_some_and(|target| guards(target, root, seen)) {
        return true;
    }
    within(map)
        .into_iter()
        .any(|inner| guards(inner, root, seen))
}

/// The definition that the schema stands for, unless it has been seen.
fn target<'v>(schema: &'v Value, root: &'v Value, seen: &mut Vec<&'v str>) -> Option<&'v Value> {
    let path = schema.get("$ref").and_then(Value::as_str)?;
    let name = path.strip_prefix("#/$defs/")?;
    if seen.contains(&name) {
        return None;
    }
    seen.push(name);
    root.get("$defs").and_then(|all| all.get(name))
}

/// Each schema that stands in this one.
fn within(map: &Map<String, Value>) -> Vec<&Value> {
    let mut found = Vec::new();
    for (keyword, inner) in map {
        match inner {
            Value::Object(all) if MAP.contains(&keyword.as_str()) => found.extend(all.values()),
            Value::Array(list) if LIST.contains(&keyword.as_str()) => found.extend(list),
            inner if ONE.contains(&keyword.as_str()) => found.push(inner),
            _ => {}
        }
    }
    found
}
