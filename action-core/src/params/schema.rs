//! The canonical schema: schemars' answer with what serde really reads spelled out.

use std::fmt;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// Marks a schema that any JSON value fits.
pub(crate) const ANY: &str = "x-any";
/// Marks a property that is another spelling of the one it names.
pub(crate) const ALIAS: &str = "x-alias";
/// Names the class of personal data that a value belongs to.
pub(crate) const CLASS: &str = "x-class";

/// What is wrong with the schema of a type: a defect of the program, found when it starts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schema of {name} is defective:\n{}", .defects.join("\n"))]
pub struct SchemaDefects {
    /// The type.
    pub name: String,
    /// One line for each defect: where, what, and what to do.
    pub defects: Vec<String>,
}

/// Whether a schema is for what is read or for what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Reading,
    Writing,
}

/// The canonical schema of `T`, JSON Schema 2020-12.
pub(crate) fn canonical<T: JsonSchema>(side: Side) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = match side {
        Side::Reading => settings.for_deserialize(),
        Side::Writing => settings.for_serialize(),
    };
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if let Value::Object(root) = &mut schema {
        root.remove("$schema");
        root.remove("title");
    }
    spell_out(&mut schema);
    schema
}

/// Keywords whose value is one schema.
pub(crate) const ONE: [&str; 3] = ["items", "additionalProperties", "propertyNames"];
/// Keywords whose value is a list of schemas.
pub(crate) const LIST: [&str; 4] = ["anyOf", "oneOf", "allOf", "prefixItems"];
/// Keywords whose value is a map of schemas.
pub(crate) const MAP: [&str; 2] = ["properties", "$defs"];

fn spell_out(schema: &mut Value) {
    if *schema == Value::Bool(true) {
        *schema = json!({});
    }
    let Value::Object(map) = schema else { return };
    if !asserts(map) {
        be_any(map);
        return;
    }
    bound_number(map);
    for keyword in ONE {
        match map.get_mut(keyword) {
            // An open record says `true`; a map of any values spells it out.
            Some(Value::Bool(_)) if keyword == "additionalProperties" => {}
            Some(inner) => spell_out(inner),
            None => {}
        }
    }
    if map.get("additionalProperties") == Some(&Value::Bool(true))
        && !map.contains_key("properties")
        && !map.contains_key("oneOf")
        && !map.contains_key("anyOf")
    {
        let mut any = json!({});
        spell_out(&mut any);
        map.insert("additionalProperties".into(), any);
    }
    for keyword in LIST {
        if let Some(Value::Array(list)) = map.get_mut(keyword) {
            list.iter_mut().for_each(spell_out);
        }
    }
    for keyword in MAP {
        if let Some(Value::Object(inner)) = map.get_mut(keyword) {
            inner.values_mut().for_each(spell_out);
        }
    }
}

/// Whether the schema says anything that a value could break.
fn asserts(map: &Map<String, Value>) -> bool {
    const NOTES: [&str; 10] = [
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$comment",
        ALIAS,
        CLASS,
    ];
    map.keys().any(|key| !NOTES.contains(&key.as_str()))
}

fn be_any(map: &mut Map<String, Value>) {
    map.insert(ANY.into(), true.into());
    map.insert(
        "anyOf".into(),
        json!([
            { "type": "null" },
            { "type": "boolean" },
            { "type": "number" },
            { "type": "string" },
            { "type": "array" },
            { "type": "object" },
        ]),
    );
}

/// Turns the `format` of a number into the bounds it stands for, which validators do assert.
fn bound_number(map: &mut Map<String, Value>) {
    let Some(format) = map.get("format").and_then(Value::as_str) else { return };
    let (least, most): (Value, Value) = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0.into(), u8::MAX.into()),
        "uint16" => (0.into(), u16::MAX.into()),
        "uint32" => (0.into(), u32::MAX.into()),
        "uint64" | "uint" => (0.into(), u64::MAX.into()),
        "float" => (f32::MIN.into(), f32::MAX.into()),
        "double" => (Value::Null, Value::Null),
        _ => return,
    };
    map.remove("format");
    for (keyword, exclusive, bound) in
        [("minimum", "exclusiveMinimum", least), ("maximum", "exclusiveMaximum", most)]
    {
        if !bound.is_null() && !map.contains_key(exclusive) {
            map.entry(keyword).or_insert(bound);
        }
    }
}

/// Refuses unknown fields on a record, unless it says itself what else it takes.
pub fn close(schema: &mut Schema) {
    let map = schema.ensure_object();
    if map.contains_key("additionalProperties") || map.contains_key("unevaluatedProperties") {
        return;
    }
    let composed = ["anyOf", "oneOf", "allOf", "$ref"].iter().any(|key| map.contains_key(*key));
    let keyword = if composed { "unevaluatedProperties" } else { "additionalProperties" };
    map.insert(keyword.into(), false.into());
}

/// Lets a record take unknown fields.
pub fn open(schema: &mut Schema) {
    schema.ensure_object().entry("additionalProperties").or_insert(true.into());
}

/// Adds other spellings of a property; it and they exclude each other.
pub fn alias(schema: &mut Schema, name: &str, aliases: &[&str]) {
    let map = schema.ensure_object();
    let Some(property) = map.get("properties").and_then(|all| all.get(name)).cloned() else {
        return;
    };
    let spellings: Vec<&str> = std::iter::once(name).chain(aliases.iter().copied()).collect();
    for other in aliases {
        let mut copy = property.clone();
        if let Value::Object(copy) = &mut copy {
            copy.insert(ALIAS.into(), name.into());
        }
        if let Some(Value::Object(all)) = map.get_mut("properties") {
            all.insert((*other).to_owned(), copy);
        }
    }
    exclude_each_other(map, &spellings);
    require_one(map, name, &spellings);
}

fn exclude_each_other(map: &mut Map<String, Value>, spellings: &[&str]) {
    let rules = map.entry("dependentSchemas").or_insert_with(|| json!({}));
    let Value::Object(rules) = rules else { return };
    for (index, spelling) in spellings.iter().enumerate().skip(1) {
        let earlier: Map<String, Value> =
            spellings[..index].iter().map(|name| ((*name).to_owned(), false.into())).collect();
        rules.insert((*spelling).to_owned(), json!({ "properties": earlier }));
    }
}

fn require_one(map: &mut Map<String, Value>, name: &str, spellings: &[&str]) {
    let Some(Value::Array(required)) = map.get_mut("required") else { return };
    let before = required.len();
    required.retain(|key| key != name);
    if required.len() == before {
        return;
    }
    let arms: Vec<Value> = spellings.iter().map(|name| json!({ "required": [name] })).collect();
    let all = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(all) = all {
        all.push(json!({ ALIAS: name, "anyOf": arms }));
    }
}

/// Adds an example of the value.
pub fn example(schema: &mut Schema, example: Value) {
    let examples = schema.ensure_object().entry("examples").or_insert_with(|| json!([]));
    if let Value::Array(examples) = examples {
        examples.push(example);
    }
}

impl SchemaDefects {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), defects: Vec::new() }
    }

    pub(crate) fn note(&mut self, pointer: &str, what: impl fmt::Display) {
        let place = if pointer.is_empty() { "(root)" } else { pointer };
        self.defects.push(format!("  {place}: {what}"));
    }
}
