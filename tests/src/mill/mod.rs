//! A mill that makes JSON near to what a schema asks for: mostly right, wrong in a few places.
//!
//! It reads nothing but the published schema and shares no code with what it is to test.

mod numbers;
mod spoil;
mod strings;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use self::strings::Text;

/// Values deeper than this end as soon as they may.
const DEEP: u32 = 5;

/// Makes values for one schema.
#[derive(Debug)]
pub struct Mill<'s> {
    root: &'s Value,
    dice: Rng,
    /// How likely a node is spoiled.
    rate: f64,
}

impl Iterator for Mill<'_> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        Some(self.of(self.root, 0))
    }
}

impl<'s> Mill<'s> {
    /// A mill for a schema, with a seed for its dice and the share of nodes to spoil.
    pub fn new(root: &'s Value, seed: u64, rate: f64) -> Self {
        Self {
            root,
            dice: Rng::with_seed(seed),
            rate,
        }
    }

    /// A value of the schema, spoiled now and then.
    fn of(&mut self, schema: &'s Value, depth: u32) -> Value {
        let value = self.plain(schema, depth);
        if self.dice.f64() < self.rate {
            self.spoiled(value, schema)
        } else {
            value
        }
    }

    fn plain(&mut self, schema: &'s Value, depth: u32) -> Value {
        let Some(map) = schema.as_object() else {
            return self.anything(depth);
        };
        if map.contains_key("x-any") {
            return self.anything(depth);
        }
        if let Some(only) = map.get("const") {
            return only.clone();
        }
        if let Some(Value::Array(values)) = map.get("enum") {
            return self.one(values).cloned().unwrap_or_default();
        }
        let arm = map
            .get("oneOf")
            .or_else(|| map.get("anyOf"))
            .and_then(Value::as_array);
        let arm = arm.map(|arms| self.arm(arms, depth));
        let base = match map.get("$ref").and_then(|path| self.definition(path)) {
            Some(target) => Some(self.of(target, depth)),
            None => arm.map(|arm| self.of(arm, depth)),
        };
        match (base, map.contains_key("properties")) {
            (Some(Value::Object(base)), true) => {
                let mut own = self.object(map, depth);
                own.extend(base);
                Value::Object(own)
            }
            (Some(base), _) => base,
            (None, _) => self.typed(map, depth),
        }
    }

    fn definition(&self, path: &Value) -> Option<&'s Value> {
        self.root.pointer(path.as_str()?.strip_prefix('#')?)
    }

    /// One of several schemas; when deep, the shortest, which does not go on for ever.
    fn arm(&mut self, arms: &'s [Value], depth: u32) -> &'s Value {
        let shortest = arms.iter().min_by_key(|arm| arm.to_string().len());
        let picked = if depth > DEEP {
            shortest
        } else {
            self.one(arms)
        };
        picked.expect("a union has arms")
    }

    fn typed(&mut self, map: &'s Map<String, Value>, depth: u32) -> Value {
        let kind = match map.get("type") {
            Some(Value::Array(kinds)) => {
                let kinds = kinds.as_slice();
                self.one(kinds).and_then(Value::as_str)
            }
            kind => kind.and_then(Value::as_str),
        };
        match kind {
            Some("null") => Value::Null,
            Some("boolean") => self.dice.bool().into(),
            Some("integer") => self.integer(map),
            Some("number") => self.number(map),
            Some("string") => self.text(&Text::of(map)).into(),
            Some("array") => self.array(map, depth).into(),
            Some("object") => self.object(map, depth).into(),
            _ => self.anything(depth),
        }
    }

    fn array(&mut self, map: &'s Map<String, Value>, depth: u32) -> Vec<Value> {
        let first = map.get("prefixItems").and_then(Value::as_array);
        let mut items: Vec<Value> = first
            .into_iter()
            .flatten()
            .map(|item| self.of(item, depth + 1))
            .collect();
        let Some(rest) = map.get("items").filter(|rest| !rest.is_boolean()) else {
            return items;
        };
        let unique = map.contains_key("uniqueItems");
        for _ in 0..self.count(map, "minItems", "maxItems", depth) {
            let item = self.of(rest, depth + 1);
            if !unique || !items.contains(&item) {
                items.push(item);
            }
        }
        items
    }

    fn count(&mut self, map: &Map<String, Value>, least: &str, most: &str, depth: u32) -> u64 {
        let whole = |keyword| map.get(keyword).and_then(Value::as_u64);
        let least = whole(least).unwrap_or(0);
        let most = whole(most).unwrap_or(least + 3);
        if depth > DEEP {
            least
        } else {
            self.dice.u64(least..=most.max(least))
        }
    }

    fn object(&mut self, map: &'s Map<String, Value>, depth: u32) -> Map<String, Value> {
        let mut object = Map::new();
        let properties = map.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let another = property.get("x-alias").is_some();
            let must = is_required(map, name);
            if !another && (must || depth <= DEEP && self.dice.u8(..10) < 7) {
                let value = self.of(property, depth + 1);
                object.insert(self.spelling(map, name), value);
            }
        }
        match map.get("additionalProperties") {
            Some(Value::Bool(true)) if self.dice.u8(..4) == 0 => {
                object.insert(strings::word(&mut self.dice), self.anything(depth + 1));
            }
            Some(each @ Value::Object(_)) => {
                for _ in 0..self.count(map, "minProperties", "maxProperties", depth) {
                    let key = match map.get("propertyNames").and_then(Value::as_object) {
                        Some(names) => match self.plain(&map["propertyNames"], depth) {
                            Value::String(key) => key,
                            _ => self.text(&Text::of(names)),
                        },
                        None => strings::word(&mut self.dice),
                    };
                    if !properties.is_some_and(|known| known.contains_key(&key)) {
                        let value = self.of(each, depth + 1);
                        object.insert(key, value);
                    }
                }
            }
            _ => {}
        }
        object
    }

    /// The name of a property, or now and then another spelling of it.
    fn spelling(&mut self, map: &'s Map<String, Value>, name: &str) -> String {
        let others: Vec<&String> = map["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, property)| property.get("x-alias").is_some_and(|of| of == name))
            .map(|(other, _)| other)
            .collect();
        match self.dice.choice(others) {
            Some(other) if self.dice.u8(..3) == 0 => other.clone(),
            _ => name.to_owned(),
        }
    }

    /// Any value at all.
    fn anything(&mut self, depth: u32) -> Value {
        match self.dice.u8(..if depth > DEEP { 6 } else { 8 }) {
            0 => Value::Null,
            1 => self.dice.bool().into(),
            2 => self.odd_number(),
            3 => self.dice.i8(..).into(),
            4 | 5 => strings::any(&mut self.dice).into(),
            6 => {
                let length = self.dice.usize(..3);
                (0..length).map(|_| self.anything(depth + 1)).collect()
            }
            _ => {
                let length = self.dice.usize(..3);
                let member =
                    |mill: &mut Self| (strings::word(&mut mill.dice), mill.anything(depth + 1));
                Value::Object((0..length).map(|_| member(self)).collect())
            }
        }
    }

    /// Lists in lists, some way down.
    fn nest(&mut self) -> Value {
        let levels = self.dice.u8(2..60);
        (0..levels).fold(Value::Null, |inside, _| json!([inside]))
    }

    fn one<'v, T>(&mut self, all: &'v [T]) -> Option<&'v T> {
        self.dice.choice(all)
    }
}

/// Whether the schema requires the property, under any of its names.
fn is_required(map: &Map<String, Value>, name: &str) -> bool {
    let parts = map.get("allOf").and_then(Value::as_array);
    let names = map.get("required").and_then(Value::as_array);
    names.into_iter().flatten().any(|required| required == name)
        || parts
            .into_iter()
            .flatten()
            .any(|part| part["x-alias"] == name && part.get("anyOf").is_some())
}
