//! Names that a struct and what is flattened into it both have, of which its schema keeps one.

use std::cell::Cell;

use schemars::Schema;
use serde_json::Value;

use super::schema::{Describe, Side, TAKEN, TWICE, canonical};

/// Marks the names that a flattened part has too, beside the fields' own or those of a part before.
pub fn apart(schema: &mut Schema, own: &[&str], parts: &[Describe]) {
    // What a part says of itself is not asked here, and a type may have itself in its parts.
    let Some(_looking) = Looking::begin() else {
        return;
    };
    let mut seen: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
    let mut twice: Vec<Value> = Vec::new();
    for part in parts {
        let part = canonical(*part, Side::Reading);
        let mut names = Vec::new();
        members(&part, &["allOf", "oneOf", "anyOf"], &mut names);
        let both = names.iter().filter(|name| seen.contains(name));
        twice.extend(both.map(|name| name.as_str().into()));
        if part.get(TAKEN).is_some() {
            seen.append(&mut names);
        } else {
            // Of the members of other enums serde leaves a copy to the parts after them.
            members(&part, &["allOf"], &mut seen);
        }
    }
    if !twice.is_empty() {
        schema.insert(TWICE.into(), twice.into());
    }
}

thread_local! {
    static LOOKING: Cell<bool> = const { Cell::new(false) };
}

/// Stands while this thread looks for names.
struct Looking;

impl Looking {
    /// None where this thread does so already.
    fn begin() -> Option<Self> {
        let looks = LOOKING.replace(true);
        // Not `then_some`, of which the one that is not wanted would be dropped.
        if looks { None } else { Some(Self) }
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.set(false);
    }
}

/// The members that an object of this schema, and of those under the keywords, may have, each once.
fn members(schema: &Value, keywords: &[&str], names: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in properties.into_iter().flat_map(|all| all.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    for keyword in keywords {
        let arms = schema.get(keyword).and_then(Value::as_array);
        for arm in arms.into_iter().flatten() {
            members(arm, keywords, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use schemars::SchemaGenerator;
    use schemars::json_schema;

    use super::*;

    thread_local! {
        static ASKED: Cell<u32> = const { Cell::new(0) };
    }

    fn leaf(_: &mut SchemaGenerator) -> Schema {
        ASKED.set(ASKED.get() + 1);
        json_schema!({ "type": "object" })
    }

    fn around(inner: Describe, generator: &mut SchemaGenerator) -> Schema {
        let mut schema = inner(generator);
        apart(&mut schema, &[], &[inner]);
        schema
    }

    fn twofold(generator: &mut SchemaGenerator) -> Schema {
        around(|generator| around(leaf, generator), generator)
    }

    #[test]
    fn a_part_is_asked_once_for_each_that_it_is_in() {
        canonical(|generator| around(twofold, generator), Side::Reading);
        assert_eq!(ASKED.get(), 4);
    }
}
