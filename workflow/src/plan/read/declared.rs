//! The inputs that a plan declares: a small JSON Schema each, and what it accepts.

use enact_action_core::__private::number;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::{NAME, is_name, object};
use crate::plan::limits::MOST_INPUTS;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::Place;
use crate::plan::words;

/// One input.
pub(in crate::plan) struct Declared<'j> {
    pub(in crate::plan) name: &'j str,
    pub(in crate::plan) schema: &'j Value,
    pub(in crate::plan) default: Option<&'j Value>,
}

const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];
const KEYWORDS: [&str; 15] = [
    "type",
    "description",
    "default",
    "examples",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "items",
    "minItems",
    "maxItems",
    "properties",
    "required",
    "additionalProperties",
];

/// Reads `{"<name>": <schema>, …}`.
pub(super) fn read<'j>(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Vec<Declared<'j>> {
    let Some(map) = object(json, place, "an object: a schema for each input", notes) else {
        return Vec::new();
    };
    if map.len() > MOST_INPUTS {
        let found = words::many(map.len(), "input");
        notes.add(
            place,
            Code::Limit,
            found,
            format!("at most {MOST_INPUTS} inputs"),
        );
    }
    let mut all = Vec::new();
    for (name, schema) in map.iter().take(MOST_INPUTS) {
        let place = place.key(name);
        if !is_name(name) {
            notes.add(&place, Code::Shape, words::text(name), NAME);
        }
        let sound = well_formed(schema, &place, notes);
        let default = schema.get("default");
        if let Some(default) = default.filter(|_| sound) {
            accept(schema, default, &place.key("default"), notes);
        }
        all.push(Declared {
            name,
            schema,
            default,
        });
    }
    all
}

/// Whether the schema keeps to what plans can declare; notes where not.
fn well_formed(schema: &Value, place: &Place<'_>, notes: &mut Notes) -> bool {
    let Some(fields) = Fields::read(schema, place, "a schema", &KEYWORDS, notes) else {
        return false;
    };
    let mut sound = schema
        .as_object()
        .is_some_and(|map| map.keys().all(|key| KEYWORDS.contains(&key.as_str())));
    for keyword in KEYWORDS {
        let Some(value) = fields.get(keyword) else {
            continue;
        };
        let place = place.key(keyword);
        let inner = match (keyword, value) {
            ("items", value) => well_formed(value, &place, notes),
            ("properties", Value::Object(all)) => all
                .iter()
                .map(|(name, one)| well_formed(one, &place.key(name), notes))
                .fold(true, |all, one| all & one),
            (keyword, value) => keyword_fits(keyword, value, &place, notes),
        };
        sound &= inner;
    }
    sound
}

fn keyword_fits(keyword: &str, value: &Value, place: &Place<'_>, notes: &mut Notes) -> bool {
    let is_type = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    let each = |is: &dyn Fn(&Value) -> bool| value.as_array().is_some_and(|all| all.iter().all(is));
    let (fits, allowed) = match keyword {
        "type" => {
            let listed = each(&is_type) && value.as_array().is_some_and(|all| !all.is_empty());
            (is_type(value) || listed, words::one_of(&TYPES))
        }
        "description" => (value.is_string(), "text".to_owned()),
        "examples" => (value.is_array(), "a list".to_owned()),
        "enum" => {
            let listed = value.as_array().is_some_and(|all| !all.is_empty());
            (listed, "a list of values".to_owned())
        }
        "minimum" | "maximum" => (value.is_number(), "a number".to_owned()),
        "minLength" | "maxLength" | "minItems" | "maxItems" => {
            (value.is_u64(), "a whole number".to_owned())
        }
        "properties" => (value.is_object(), "a schema for each property".to_owned()),
        "required" => (each(&Value::is_string), "a list of names".to_owned()),
        "additionalProperties" => (value.is_boolean(), "true or false".to_owned()),
        _ => (true, String::new()),
    };
    if !fits {
        notes.add(place, Code::Shape, words::value(value), allowed);
    }
    fits
}

/// Notes what of the value the schema does not accept.
pub(in crate::plan) fn accept(schema: &Value, value: &Value, place: &Place<'_>, notes: &mut Notes) {
    if let Some(types) = schema.get("type")
        && !listed(types).any(|name| is_of(value, name))
    {
        let names: Vec<&str> = listed(types).collect();
        let allowed = format!("a value of type {}", names.join(" or "));
        notes.add(place, Code::Input, words::value(value), allowed);
        return;
    }
    if let Some(Value::Array(all)) = schema.get("enum")
        && !all.iter().any(|one| number::json_eq(one, value))
    {
        let all: Vec<String> = all.iter().map(words::value).collect();
        let allowed = format!("one of {}", all.join(", "));
        notes.add(place, Code::Input, words::value(value), allowed);
        return;
    }
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => bounded(schema, number, place, notes),
        Value::String(text) => {
            long_enough(
                schema,
                ["minLength", "maxLength"],
                text.chars().count(),
                place,
                notes,
            );
        }
        Value::Array(items) => {
            long_enough(schema, ["minItems", "maxItems"], items.len(), place, notes);
            if let Some(each) = schema.get("items") {
                for (index, item) in items.iter().enumerate() {
                    accept(each, item, &place.index(index), notes);
                }
            }
        }
        Value::Object(map) => record(schema, map, place, notes),
    }
}

fn listed(types: &Value) -> impl Iterator<Item = &str> {
    let several = types.as_array().into_iter().flatten();
    types
        .as_str()
        .into_iter()
        .chain(several.filter_map(Value::as_str))
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(found) => name == "number" || name == "integer" && number::is_integer(found),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

fn bounded(schema: &Value, found: &serde_json::Number, place: &Place<'_>, notes: &mut Notes) {
    let bound = |key: &str| schema.get(key).and_then(Value::as_number);
    if let Some(least) = bound("minimum").filter(|least| number::compare(found, least).is_lt()) {
        notes.add(
            place,
            Code::Input,
            found.to_string(),
            format!("at least {least}"),
        );
    }
    if let Some(most) = bound("maximum").filter(|most| number::compare(found, most).is_gt()) {
        notes.add(
            place,
            Code::Input,
            found.to_string(),
            format!("at most {most}"),
        );
    }
}

fn long_enough(
    schema: &Value,
    [least, most]: [&str; 2],
    found: usize,
    place: &Place<'_>,
    notes: &mut Notes,
) {
    let found = found as u64;
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    if let Some(least) = bound(least).filter(|least| found < *least) {
        let allowed = format!("a length of at least {least}");
        notes.add(place, Code::Input, format!("a length of {found}"), allowed);
    }
    if let Some(most) = bound(most).filter(|most| found > *most) {
        let allowed = format!("a length of at most {most}");
        notes.add(place, Code::Input, format!("a length of {found}"), allowed);
    }
}

fn record(schema: &Value, map: &Map<String, Value>, place: &Place<'_>, notes: &mut Notes) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    for (key, member) in map {
        let place = place.key(key);
        match properties.and_then(|all| all.get(key)) {
            Some(property) => accept(property, member, &place, notes),
            None if closed => {
                let found = format!("the unknown property {}", words::text(key));
                notes.add(
                    &place,
                    Code::Input,
                    found,
                    "only the properties of the schema",
                );
            }
            None => {}
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !map.contains_key(name) {
            notes.add(&place.key(name), Code::Input, "nothing", "a value");
        }
    }
}
