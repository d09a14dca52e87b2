//! The canonical schema: schemars' answer with what serde really reads spelled out.

use std::fmt;

use enact_grammar::number;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Number, Value, json};

use super::hidden::take_out_defaults;

/// Marks a schema that any JSON value fits.
pub(crate) const ANY: &str = "x-any";
/// Marks a property that is another spelling of the one it names.
pub(crate) const ALIAS: &str = "x-alias";
/// Names the class of personal data that a value belongs to.
pub(crate) const CLASS: &str = "x-class";

/// Marks, until the schema is compiled, a value of which rules are asked that serde does not know.
pub(crate) const RULED: &str = "x-ruled";
/// Marks, until the schema is compiled, a record that serde builds of an object alone; others it
/// builds of a list too, field by field.
pub(crate) const KEYED: &str = "x-keyed";
/// Lists, until the schema is compiled, the names that stand for two members.
pub(crate) const TWICE: &str = "x-twice";
/// Marks, until the schema is compiled, an enum whose tag and content serde takes for it alone.
pub(crate) const TAKEN: &str = "x-taken";
/// Marks, until the schema is compiled, a number that is read as an `f32`.
pub(crate) const SINGLE: &str = "x-single";

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

/// How a type describes itself: [`JsonSchema::json_schema`](schemars::JsonSchema::json_schema).
///
/// A pointer and no type parameter, so that what follows is compiled once, not once for each type.
pub(crate) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// The canonical schema of what `describe` describes, JSON Schema 2020-12.
pub(crate) fn canonical(describe: Describe, side: Side) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = match side {
        Side::Reading => settings.for_deserialize(),
        Side::Writing => settings.for_serialize(),
    };
    let mut generator = settings.into_generator();
    let mut schema = describe(&mut generator).to_value();
    let definitions = generator.take_definitions(true);
    if let Value::Object(root) = &mut schema {
        root.remove("title");
        if !definitions.is_empty() {
            root.insert("$defs".into(), Value::Object(definitions));
        }
    }
    spell_out(&mut schema);
    if side == Side::Writing {
        take_out_defaults(&mut schema);
        take_out_marks(&mut schema);
    }
    schema
}

/// Takes out what only the compiler needs to know.
pub(crate) fn take_out_marks(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    map.shift_remove(RULED);
    map.shift_remove(KEYED);
    map.shift_remove(TWICE);
    map.shift_remove(TAKEN);
    map.shift_remove(SINGLE);
    each_within(map, &mut take_out_marks);
}

/// Calls `visit` with each schema that stands in this one.
pub(super) fn each_within(map: &mut Map<String, Value>, visit: &mut dyn FnMut(&mut Value)) {
    for (keyword, inner) in map {
        match inner {
            Value::Object(all) if MAP.contains(&keyword.as_str()) => {
                all.values_mut().for_each(&mut *visit);
            }
            Value::Array(list) if LIST.contains(&keyword.as_str()) => {
                list.iter_mut().for_each(&mut *visit);
            }
            inner if ONE.contains(&keyword.as_str()) => visit(inner),
            _ => {}
        }
    }
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
    if map.get("additionalProperties") == Some(&Value::Bool(true))
        && !map.contains_key("properties")
        && !map.contains_key("oneOf")
        && !map.contains_key("anyOf")
    {
        let mut any = json!({});
        spell_out(&mut any);
        map.insert("additionalProperties".into(), any);
    }
    // An open record says `true` and stays so; a map of any values has been spelled out above.
    let open = map.get("additionalProperties") == Some(&Value::Bool(true));
    each_within(map, &mut spell_out);
    if open {
        map.insert("additionalProperties".into(), true.into());
    }
}

/// Whether the schema says anything that a value could break.
fn asserts(map: &Map<String, Value>) -> bool {
    const NOTES: [&str; 11] = [
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
        RULED,
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
    let Some(format) = map.get("format").and_then(Value::as_str) else {
        return;
    };
    let (least, most): (Number, Number) = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0.into(), u8::MAX.into()),
        "uint16" => (0.into(), u16::MAX.into()),
        "uint32" => (0.into(), u32::MAX.into()),
        "uint64" | "uint" => (0.into(), u64::MAX.into()),
        "float" => {
            map.insert(SINGLE.into(), true.into());
            let most = Number::from_f64(f32::MAX.into()).expect("the greatest number is one");
            let least = Number::from_f64(f32::MIN.into()).expect("the least number is one");
            (least, most)
        }
        "double" => {
            map.shift_remove("format");
            return;
        }
        _ => return,
    };
    map.shift_remove("format");
    narrow(map, Bounds::Least, least);
    narrow(map, Bounds::Most, most);
}

/// Which end a bound is at, and whether it belongs to what it bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bounds {
    Least,
    Above,
    Most,
    Below,
}

impl Bounds {
    const fn keyword(self) -> &'static str {
        match self {
            Self::Least => "minimum",
            Self::Above => "exclusiveMinimum",
            Self::Most => "maximum",
            Self::Below => "exclusiveMaximum",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Least => Self::Above,
            Self::Above => Self::Least,
            Self::Most => Self::Below,
            Self::Below => Self::Most,
        }
    }

    /// Whether this bound leaves less than that one at the same end.
    fn is_tighter(self, bound: &Number, than: Self, that: &Number) -> bool {
        let order = number::compare(bound, that);
        let order = if matches!(self, Self::Least | Self::Above) {
            order
        } else {
            order.reverse()
        };
        order.is_gt() || order.is_eq() && matches!(self, Self::Above | Self::Below) && than != self
    }
}

/// Bounds a number, unless it is bounded more tightly; of two bounds at one end only one stays.
pub(crate) fn narrow(map: &mut Map<String, Value>, end: Bounds, bound: Number) {
    for there in [end, end.other()] {
        if let Some(Value::Number(that)) = map.get(there.keyword()) {
            if !end.is_tighter(&bound, there, that) {
                return;
            }
            if there != end {
                map.shift_remove(there.keyword());
            }
        }
    }
    map.insert(end.keyword().to_owned(), Value::Number(bound));
}

/// Refuses unknown fields on a record, unless it says itself what else it takes.
pub fn close(schema: &mut Schema) {
    let map = schema.ensure_object();
    exclude_flattened(map);
    if map.contains_key("additionalProperties") || map.contains_key("unevaluatedProperties") {
        return;
    }
    let composed = ["anyOf", "oneOf", "allOf", "$ref"]
        .iter()
        .any(|key| map.contains_key(*key));
    let keyword = if composed {
        "unevaluatedProperties"
    } else {
        "additionalProperties"
    };
    map.insert(keyword.into(), false.into());
}

/// Lets a record take unknown fields.
pub fn open(schema: &mut Schema) {
    let map = schema.ensure_object();
    exclude_flattened(map);
    map.entry("additionalProperties").or_insert(true.into());
}

/// Marks a record that serde builds of an object alone.
pub fn keyed(schema: &mut Schema) {
    schema.insert(KEYED.into(), true.into());
}

/// Marks an enum with a tag and its content beside, which serde reads as a struct of the two.
pub fn taken(schema: &mut Schema) {
    schema.insert(TAKEN.into(), true.into());
}

/// Says of every alias that it and the other names exclude each other; of several flattened
/// structs, schemars keeps only what the first says.
fn exclude_flattened(map: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = map.get("properties") else {
        return;
    };
    let mut spellings: Vec<Vec<String>> = Vec::new();
    for (name, property) in properties {
        let Some(proper) = property.get(ALIAS).and_then(Value::as_str) else {
            continue;
        };
        match spellings.iter_mut().find(|names| names[0] == proper) {
            Some(names) => names.push(name.clone()),
            None => spellings.push(vec![proper.to_owned(), name.clone()]),
        }
    }
    for names in spellings {
        exclude_each_other(map, &names.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Adds other spellings of a property; it and they exclude each other.
pub fn alias(schema: &mut Schema, name: &str, aliases: &[&str]) {
    let map = schema.ensure_object();
    let Some(property) = map.get("properties").and_then(|all| all.get(name)).cloned() else {
        return;
    };
    let spellings: Vec<&str> = std::iter::once(name)
        .chain(aliases.iter().copied())
        .collect();
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
        let earlier: Map<String, Value> = spellings[..index]
            .iter()
            .map(|name| ((*name).to_owned(), false.into()))
            .collect();
        rules.insert((*spelling).to_owned(), json!({ "properties": earlier }));
    }
}

fn require_one(map: &mut Map<String, Value>, name: &str, spellings: &[&str]) {
    let Some(Value::Array(required)) = map.get_mut("required") else {
        return;
    };
    let before = required.len();
    required.retain(|key| key != name);
    if required.len() == before {
        return;
    }
    let arms: Vec<Value> = spellings
        .iter()
        .map(|name| json!({ "required": [name] }))
        .collect();
    let all = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(all) = all {
        all.push(json!({ ALIAS: name, "anyOf": arms }));
    }
}

/// Adds an example of the value.
pub fn example(schema: &mut Schema, example: Value) {
    let examples = schema
        .ensure_object()
        .entry("examples")
        .or_insert_with(|| json!([]));
    if let Value::Array(examples) = examples {
        examples.push(example);
    }
}

impl SchemaDefects {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            defects: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, pointer: &str, what: impl fmt::Display) {
        let place = if pointer.is_empty() {
            "(root)"
        } else {
            pointer
        };
        self.defects.push(format!("  {place}: {what}"));
    }
}
