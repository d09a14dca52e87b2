//! Strategies made from params: values that keep every rule, for property tests.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Union};
use proptest::string::string_regex;
use serde_json::{Map, Number, Value, json};

use crate::params::{Params, Reader};
use crate::registry::Entry;
use enact_grammar::format::Format;

/// How deep generated values nest at the most; beyond it, optional parts are left out.
const DEEPEST: usize = 5;
/// How many items or keys a generated list or map has beyond its least.
const SPARE: u64 = 3;

/// Params that keep every rule, as a type in memory.
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::prelude::*;
/// use proptest::prelude::*;
///
/// /// An amount of money.
/// #[derive(Debug, Params)]
/// struct Amount {
///     /// In the smallest unit.
///     #[param(min = 1, max = 500)]
///     cents: u32,
/// }
///
/// proptest!(|(amount in enact::testing::params::<Amount>())| {
///     prop_assert!((1..=500).contains(&amount.cents));
/// });
/// ```
///
/// # Panics
/// If the schema has a pattern that no text can be generated for.
pub fn params<P: Params + std::fmt::Debug>() -> impl Strategy<Value = P> {
    json::<P>().prop_filter_map("a check of the program refused it", |json| {
        P::read(json).ok()
    })
}

/// Params that keep every rule of the schema, as JSON.
///
/// # Panics
/// As [`params`].
pub fn json<P: Params>() -> impl Strategy<Value = Value> {
    by(P::reader())
}

/// Params that keep every rule of an action's schema, as JSON.
///
/// # Panics
/// As [`params`].
pub fn json_of(entry: &Entry) -> impl Strategy<Value = Value> + use<> {
    by(entry.reader())
}

fn by(reader: &'static Reader) -> impl Strategy<Value = Value> {
    let generator = Generator {
        root: Arc::new(reader.schema().clone()),
    };
    let strategy = generator.schema(&generator.root, 0);
    strategy.prop_filter("two rules exclude each other here", |json| {
        reader.check(&mut json.clone()).is_ok()
    })
}

struct Generator {
    root: Arc<Value>,
}

impl Generator {
    fn schema(&self, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
        if let Some(values) = constants(schema) {
            return select(values).boxed();
        }
        if let Some(name) = schema["$ref"]
            .as_str()
            .and_then(|path| path.strip_prefix("#/$defs/"))
        {
            return self.schema(&self.root["$defs"][name], depth + 1);
        }
        if schema["x-any"] == true {
            return select(vec![
                json!(null),
                json!(7),
                json!("text"),
                json!([1]),
                json!({ "a": 1 }),
            ])
            .boxed();
        }
        let own = schema["properties"].is_object();
        if let Some(arms) = schema["oneOf"]
            .as_array()
            .or_else(|| schema["anyOf"].as_array())
        {
            let arms = self.arms(arms, depth);
            return if own {
                merged(self.object(schema, depth), arms)
            } else {
                arms
            };
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => vec!["null"],
        };
        let kinds = kinds.iter().map(|kind| self.kind(kind, schema, depth));
        Union::new(kinds).boxed()
    }

    /// Beyond the depth only the arm that nests least.
    fn arms(&self, arms: &[Value], depth: usize) -> BoxedStrategy<Value> {
        let shallow = arms
            .iter()
            .min_by_key(|arm| self.height(arm, &mut Vec::new()));
        match shallow.filter(|_| depth > DEEPEST) {
            Some(arm) => self.schema(arm, depth + 1),
            None => Union::new(arms.iter().map(|arm| self.schema(arm, depth + 1))).boxed(),
        }
    }

    /// How deep the shallowest value nests; the most there is for a schema that needs itself.
    fn height<'s>(&'s self, schema: &'s Value, around: &mut Vec<&'s str>) -> usize {
        if let Some(name) = schema["$ref"]
            .as_str()
            .and_then(|path| path.strip_prefix("#/$defs/"))
        {
            if around.contains(&name) {
                return usize::MAX;
            }
            around.push(name);
            let height = self.height(&self.root["$defs"][name], around);
            around.pop();
            return height;
        }
        if let Some(arms) = schema["oneOf"]
            .as_array()
            .or_else(|| schema["anyOf"].as_array())
        {
            return arms
                .iter()
                .map(|arm| self.height(arm, around))
                .min()
                .unwrap_or(0);
        }
        let first = schema["prefixItems"].as_array().into_iter().flatten();
        let items = (schema["minItems"].as_u64() > Some(0)).then_some(&schema["items"]);
        let required = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let inside = first
            .chain(items)
            .chain(required.map(|name| &schema["properties"][name]));
        let highest = inside.map(|part| self.height(part, around)).max();
        highest.map_or(0, |height| height.saturating_add(1))
    }

    fn kind(&self, kind: &str, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
        match kind {
            "boolean" => any::<bool>().prop_map(Value::Bool).boxed(),
            "integer" => integer(schema),
            "number" => number(schema),
            "string" => text(schema),
            "array" => self.list(schema, depth),
            "object" => self.object(schema, depth),
            _ => Just(Value::Null).boxed(),
        }
    }

    fn list(&self, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
        if let Some(items) = schema["prefixItems"].as_array() {
            let items: Vec<_> = items
                .iter()
                .map(|item| self.schema(item, depth + 1))
                .collect();
            return items.prop_map(Value::Array).boxed();
        }
        let (least, most) = sizes(schema, "minItems", "maxItems", depth);
        if most == 0 {
            return Just(Value::Array(Vec::new())).boxed();
        }
        let unique = schema["uniqueItems"] == true;
        let items = vec(self.schema(&schema["items"], depth + 1), least..=most);
        let distinct = move |items: &Vec<Value>| {
            !unique || enact_grammar::number::has_duplicates(items).is_none()
        };
        items
            .prop_filter("items must differ", distinct)
            .prop_map(Value::Array)
            .boxed()
    }

    fn object(&self, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
        let empty = Map::new();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let fields: Vec<BoxedStrategy<Option<(String, Value)>>> = properties
            .iter()
            .filter(|(_, property)| property.get("x-alias").is_none())
            .filter_map(|(name, property)| {
                // Without its aliases, a required property stands in `allOf`; giving it always is right.
                let needed = required.contains(&name.as_str()) || aliased(schema, name);
                (needed || depth <= DEEPEST).then(|| {
                    let name = name.clone();
                    let value = self
                        .schema(property, depth + 1)
                        .prop_map(move |it| (name.clone(), it));
                    if needed {
                        value.prop_map(Some).boxed()
                    } else {
                        proptest::option::of(value).boxed()
                    }
                })
            })
            .collect();
        let named = fields.prop_map(|fields| fields.into_iter().flatten().collect::<Map<_, _>>());
        let named = named.prop_map(Value::Object).boxed();
        match &schema["additionalProperties"] {
            each @ Value::Object(_) => merged(named, self.entries(schema, each, depth)),
            _ => named,
        }
    }

    fn entries(&self, schema: &Value, each: &Value, depth: usize) -> BoxedStrategy<Value> {
        let (least, most) = sizes(schema, "minProperties", "maxProperties", depth);
        if most == 0 {
            return Just(Value::Object(Map::new())).boxed();
        }
        let keys = text(&schema["propertyNames"]);
        let entries = vec((keys, self.schema(each, depth + 1)), least..=most);
        let as_object = |entries: Vec<(Value, Value)>| {
            let named = |(key, value): (Value, Value)| Some((key.as_str()?.to_owned(), value));
            Value::Object(entries.into_iter().filter_map(named).collect())
        };
        entries.prop_map(as_object).boxed()
    }
}

fn aliased(schema: &Value, name: &str) -> bool {
    schema["allOf"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|part| part["x-alias"] == name)
}

fn merged(one: BoxedStrategy<Value>, other: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let merge = |(one, other): (Value, Value)| match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            for (key, value) in other {
                one.entry(key).or_insert(value);
            }
            Value::Object(one)
        }
        (one, _) => one,
    };
    (one, other).prop_map(merge).boxed()
}

fn constants(schema: &Value) -> Option<Vec<Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(Value::Array(list))) => Some(list.clone()),
        _ => None,
    }
}

fn sizes(schema: &Value, least: &str, most: &str, depth: usize) -> (usize, usize) {
    let least = schema[least].as_u64().unwrap_or(0);
    let spare = if depth > DEEPEST { 0 } else { SPARE };
    let most = schema[most].as_u64().unwrap_or(u64::MAX).min(least + spare);
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    (size(least), size(most))
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let unit = exact(&schema["multipleOf"], f64::ceil).unwrap_or(1).max(1);
    let least = [
        exact(&schema["minimum"], f64::ceil),
        exact(&schema["exclusiveMinimum"], f64::floor).map(|bound| bound + 1),
        Some(i64::MIN.into()),
    ];
    let most = [
        exact(&schema["maximum"], f64::floor),
        exact(&schema["exclusiveMaximum"], f64::ceil).map(|bound| bound - 1),
        Some(u64::MAX.into()),
    ];
    let least = least.into_iter().flatten().max().unwrap_or_default();
    let most = most.into_iter().flatten().min().unwrap_or_default();
    // The multiples between the ends, counted.
    let (first, last) = ((least + unit - 1).div_euclid(unit), most.div_euclid(unit));
    let near = (first + 1000).min(last);
    Union::new([
        (first..=last.max(first)).boxed(),
        (first..=near.max(first)).boxed(),
    ])
    .prop_map(move |count| Number::from_i128(count * unit).map_or(Value::Null, Value::Number))
    .boxed()
}

/// A bound as an integer; `round` says to which side where it is a fraction.
fn exact(bound: &Value, round: fn(f64) -> f64) -> Option<i128> {
    let Value::Number(bound) = bound else {
        return None;
    };
    match (bound.as_i64(), bound.as_u64()) {
        (Some(int), _) => Some(int.into()),
        (None, Some(int)) => Some(int.into()),
        (None, None) => Number::from_f64(round(bound.as_f64()?))
            .and_then(|whole| enact_grammar::number::to_integer(&whole))
            .and_then(|whole| {
                whole
                    .as_i64()
                    .map(i128::from)
                    .or_else(|| whole.as_u64().map(i128::from))
            }),
    }
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minimum"]
        .as_f64()
        .or_else(|| schema["exclusiveMinimum"].as_f64())
        .unwrap_or(-1e6);
    let most = schema["maximum"]
        .as_f64()
        .or_else(|| schema["exclusiveMaximum"].as_f64())
        .unwrap_or(1e6);
    match schema["multipleOf"].as_f64() {
        Some(unit) => {
            let count = 0..=1000_u32;
            count
                .prop_map(move |count| {
                    json!((least / unit).ceil() * unit + f64::from(count) * unit)
                })
                .boxed()
        }
        None => (least..=most.max(least))
            .prop_map(|number| json!(number))
            .boxed(),
    }
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(format) = schema["format"].as_str().and_then(Format::from_name) {
        return Just(Value::from(format.example())).boxed();
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        let inside = pattern.trim_start_matches('^').trim_end_matches('$');
        let text =
            string_regex(inside).expect("a portable pattern is one that text can be made for");
        return text.prop_map(Value::String).boxed();
    }
    let (least, most) = sizes(schema, "minLength", "maxLength", 0);
    vec(proptest::char::any(), least..=most.max(least))
        .prop_map(|chars| Value::String(chars.into_iter().collect()))
        .boxed()
}
