//! Names that a struct and what is flattened into it both have, of which its schema keeps one.

use schemars::Schema;
use serde_json::Value;

use super::schema::{Describe, Side, TWICE, canonical};

/// Marks the names that a flattened part has too, beside the fields' own or those of a part before.
pub fn apart(schema: &mut Schema, own: &[&str], parts: &[Describe]) {
    let mut seen: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
    let mut twice: Vec<Value> = Vec::new();
    for part in parts {
        let mut names = Vec::new();
        members(&canonical(*part, Side::Reading), &mut names);
        let both = names.iter().filter(|name| seen.contains(name));
        twice.extend(both.map(|name| name.as_str().into()));
        seen.append(&mut names);
    }
    if !twice.is_empty() {
        schema.insert(TWICE.into(), twice.into());
    }
}

/// The members that an object of this schema may have, each once.
fn members(schema: &Value, names: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in properties.into_iter().flat_map(|all| all.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        let arms = schema.get(keyword).and_then(Value::as_array);
        for arm in arms.into_iter().flatten() {
            members(arm, names);
        }
    }
}
