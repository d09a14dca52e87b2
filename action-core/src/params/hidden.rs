//! What a published schema does not tell: the defaults of what is secret.

use serde_json::{Map, Value};

use super::schema::{LIST, MAP, ONE, each_within};

/// Takes out the defaults that are secret, or in which something is.
pub(crate) fn take_out_defaults(schema: &mut Value) {
    let root = schema.clone();
    take_out(schema, &root);
}

fn take_out(schema: &mut Value, root: &Value) {
    let guarded = schema.get("default").is_some() && guards(schema, root, &mut Vec::new());
    let Value::Object(map) = schema else { return };
    if guarded {
        map.shift_remove("default");
    }
    each_within(map, &mut |inner| take_out(inner, root));
}

/// Whether the value is secret, or something in it.
fn guards<'v>(schema: &'v Value, root: &'v Value, seen: &mut Vec<&'v str>) -> bool {
    let Value::Object(map) = schema else {
        return false;
    };
    if map.get("writeOnly") == Some(&Value::Bool(true)) {
        return true;
    }
    let name = map.get("$ref").and_then(Value::as_str);
    if let Some(name) = name.and_then(|path| path.strip_prefix("#/$defs/"))
        && !seen.contains(&name)
    {
        seen.push(name);
        let target = root.get("$defs").and_then(|all| all.get(name));
        if target.is_some_and(|target| guards(target, root, seen)) {
            return true;
        }
    }
    within(map)
        .into_iter()
        .any(|inner| guards(inner, root, seen))
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
