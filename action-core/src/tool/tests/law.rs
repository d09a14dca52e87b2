//! `decode(encode(v)) == v`, and the vendor's schema accepts `encode(v)`.

use serde_json::{Map, Value, json};

use super::{inner, shapes};
use crate::spec::Effect;
use crate::tool::{Dialect, Options, Source, build};

/// A small generator; every run makes the same values.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.roll(items.len() as u64);
        &items[usize::try_from(at).unwrap_or_default()]
    }
}

/// A value that satisfies the canonical schema, or nearly.
#[expect(clippy::too_many_lines, reason = "one arm for each keyword")]
fn value(schema: &Value, document: &Value, dice: &mut Dice, depth: u64) -> Value {
    if schema.get("x-any").is_some() || schema == &Value::Bool(true) {
        let anything = [
            json!(null),
            json!("text"),
            json!("{\"a\""),
            json!("12"),
            json!(7),
            json!(-0.5),
            json!([1, "a", null]),
            json!({"k": {"key": "k", "value": 1}}),
            json!(true),
        ];
        return dice.pick(&anything).clone();
    }
    if let Some(target) = schema["$ref"].as_str() {
        let mut whole = document.pointer(&target[1..]).cloned().unwrap_or_default();
        for (key, value) in schema
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| *key != "$ref")
        {
            whole[key] = value.clone();
        }
        return value(&whole, document, dice, depth + 1);
    }
    if let Some(values) = schema["enum"].as_array() {
        return dice.pick(values).clone();
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if (schema.get("pattern").is_some() || schema.get("format").is_some())
        && let Some(values) = schema["examples"].as_array()
    {
        return dice.pick(values).clone();
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(arms) = schema[keyword].as_array() {
            // The first arm of a recursive enum ends it.
            let mut arm = if depth > 4 {
                arms[0].clone()
            } else {
                dice.pick(arms).clone()
            };
            if let Some(Value::Object(shared)) = schema.get("properties") {
                for (key, node) in shared {
                    arm["properties"][key] = node.clone();
                }
                let more = schema["required"].as_array().cloned().unwrap_or_default();
                if let Some(required) = arm["required"].as_array_mut() {
                    required.extend(more);
                }
            }
            for key in ["minimum", "maximum", "minLength", "maxLength"] {
                if let Some(bound) = schema.get(key) {
                    arm[key] = bound.clone();
                }
            }
            return value(&arm, document, dice, depth + 1);
        }
    }
    let name = match &schema["type"] {
        Value::Array(names) => dice.pick(names).as_str(),
        name => name.as_str(),
    };
    match name {
        Some("boolean") => Value::Bool(dice.roll(2) == 0),
        Some("integer") => integer(schema, dice),
        Some("number") => {
            let low = schema["minimum"]
                .as_f64()
                .or_else(|| schema["exclusiveMinimum"].as_f64())
                .unwrap_or(-4.0);
            let high = schema["maximum"].as_f64().unwrap_or(low + 8.0);
            json!(*dice.pick(&[high, f64::midpoint(low, high) + 0.0]))
        }
        Some("string") => {
            let low = schema["minLength"].as_u64().unwrap_or(0);
            let high = schema["maxLength"].as_u64().unwrap_or(low + 6);
            let length = low + dice.roll(high - low + 1);
            let letters = ['a', 'B', '7', ' ', '"', 'é', '\\', '{'];
            Value::String((0..length).map(|_| *dice.pick(&letters)).collect())
        }
        Some("array") => array(schema, document, dice, depth),
        Some("object") => object(schema, document, dice, depth),
        _ => Value::Null,
    }
}

fn integer(schema: &Value, dice: &mut Dice) -> Value {
    let low = schema["minimum"]
        .as_i64()
        .or_else(|| schema["exclusiveMinimum"].as_i64())
        .unwrap_or(0);
    if schema.get("multipleOf").is_some() {
        return json!(2 * (1 + dice.roll(40)));
    }
    dice.pick(&[
        schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        schema.get("maximum").cloned().unwrap_or_else(|| json!(3)),
        json!(low.saturating_add(1)),
    ])
    .clone()
}

fn array(schema: &Value, document: &Value, dice: &mut Dice, depth: u64) -> Value {
    if let Some(items) = schema["prefixItems"].as_array() {
        return items
            .iter()
            .map(|item| value(item, document, dice, depth + 1))
            .collect();
    }
    let low = schema["minItems"].as_u64().unwrap_or(0);
    let high = if depth > 5 {
        low
    } else {
        schema["maxItems"].as_u64().unwrap_or(low + 3)
    };
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..low + dice.roll(high - low + 1) {
        let item = value(&schema["items"], document, dice, depth + 1);
        if !(schema["uniqueItems"] == true && items.contains(&item)) {
            items.push(item);
        }
    }
    Value::Array(items)
}

fn object(schema: &Value, document: &Value, dice: &mut Dice, depth: u64) -> Value {
    let mut made = Map::new();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (key, node) in schema["properties"].as_object().into_iter().flatten() {
        let must = required.iter().any(|name| name == key.as_str()) || key == "city";
        if node.get("x-alias").is_none() && (must || (depth < 5 && dice.roll(2) == 0)) {
            made.insert(key.clone(), value(node, document, dice, depth + 1));
        }
    }
    if schema["additionalProperties"].is_object() && depth < 6 {
        let low = schema["minProperties"].as_u64().unwrap_or(0);
        let keys = schema["propertyNames"]["enum"].as_array().cloned();
        let keys =
            keys.unwrap_or_else(|| vec![json!("a"), json!("key"), json!("x y"), json!("value")]);
        for _ in 0..low + dice.roll(3) {
            let key = dice.pick(&keys).as_str().unwrap_or_default().to_owned();
            let inner = value(&schema["additionalProperties"], document, dice, depth + 1);
            made.insert(key, inner);
        }
    }
    Value::Object(made)
}

/// Equal but for nulls that came back as absent keys.
fn agrees(original: &Value, decoded: &Value) -> bool {
    match (original, decoded) {
        (Value::Object(one), Value::Object(other)) => {
            one.iter().all(|(key, value)| match other.get(key) {
                Some(found) => agrees(value, found),
                None => value.is_null(),
            }) && other
                .keys()
                .all(|key| one.contains_key(key) || (key == "limit" && other[key] == 5))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| agrees(one, other))
        }
        _ => original == decoded,
    }
}

/// `nullable` as JSON Schema says it.
fn without_nullable(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(without_nullable).collect(),
        Value::Object(object) => {
            let mut plain: Map<_, _> = object
                .iter()
                .map(|(key, value)| (key.clone(), without_nullable(value)))
                .collect();
            if plain.shift_remove("nullable").is_some() {
                return json!({"anyOf": [plain, {"type": "null"}]});
            }
            if plain.get("properties").is_some() && plain.get("type") == Some(&json!("object")) {
                plain.insert("additionalProperties".to_owned(), json!(false));
            }
            Value::Object(plain)
        }
        other => other.clone(),
    }
}

fn check(options: Options) {
    for (name, schema) in shapes::all() {
        let canonical = jsonschema::validator_for(&schema).expect("the shapes are valid schemas");
        for dialect in Dialect::ALL {
            let source = Source::new("act", "Acts.", &schema, Effect::Write);
            let tool = match build(dialect, options, &source) {
                Ok(tool) => tool,
                Err(error) => {
                    assert!(
                        shapes::is_refused(name, dialect),
                        "{name}, {dialect}: {error}"
                    );
                    continue;
                }
            };
            let mut vendor = inner(&tool).clone();
            if dialect == Dialect::GeminiOpenApi {
                vendor = without_nullable(&vendor);
            }
            if vendor.is_null() {
                vendor = json!({"type": "object", "maxProperties": 0});
            }
            let accepts = jsonschema::validator_for(&vendor).expect("a vendor's schema is valid");
            let mut valid = 0;
            for seed in 0..200 {
                let params = value(&schema, &schema, &mut Dice(seed * 7919 + 1), 0);
                if !canonical.is_valid(&params) {
                    continue;
                }
                valid += 1;
                let encoded = tool.encode(params.clone());
                let first = accepts
                    .iter_errors(&encoded)
                    .next()
                    .map(|error| error.to_string());
                assert!(
                    first.is_none(),
                    "{name}, {dialect}: {encoded} of {params}: {first:?}\n{vendor:#}"
                );
                let decoded = tool
                    .decode(encoded.clone())
                    .expect("encoded params are an object");
                assert!(
                    agrees(&params, &decoded),
                    "{name}, {dialect}: {params} is {encoded} is {decoded}"
                );
                assert!(canonical.is_valid(&decoded), "{name}, {dialect}: {decoded}");
            }
            assert!(valid > 20, "{name}: only {valid} valid values");
        }
    }
}

#[test]
fn strict_tools_round_trip() {
    check(Options { strict: true });
}

#[test]
fn lenient_tools_round_trip() {
    check(Options { strict: false });
}
