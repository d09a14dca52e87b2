//! How well a value fits a schema, which tells the arms of a union apart.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Number, Value};

/// From not at all to entirely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another type, or another tag.
    No,
    /// The type, but keys are missing.
    Type,
    /// The type and the keys, but something inside is wrong.
    Keys,
    /// Everything but the case of an enum's words.
    Case,
    /// Everything this looks at; patterns and formats are not.
    Whole,
}

const DEPTH: usize = 64;

/// How well `value` fits `schema`, whose references lead into `document`.
pub(super) fn fit(document: &Value, schema: &Value, value: &Value) -> Fit {
    Look::new(document).fit(schema, value, 0)
}

/// Whether no value can fit both.
pub(super) fn disjoint(document: &Value, one: &Value, other: &Value) -> bool {
    Look::new(document).disjoint(one, other, 0)
}

/// Two places, by their addresses: both outlive the look.
type Pair = (usize, usize);

/// What was found already: arms within arms would be looked at again and again.
struct Look<'a> {
    document: &'a Value,
    fits: RefCell<HashMap<Pair, Fit>>,
    apart: RefCell<HashMap<Pair, bool>>,
}

impl<'a> Look<'a> {
    fn new(document: &'a Value) -> Self {
        Self {
            document,
            fits: RefCell::default(),
            apart: RefCell::default(),
        }
    }
}

fn pair(one: &Value, other: &Value) -> Pair {
    (
        std::ptr::from_ref(one).addr(),
        std::ptr::from_ref(other).addr(),
    )
}

impl Look<'_> {
    fn fit(&self, schema: &Value, value: &Value, depth: usize) -> Fit {
        if !value.is_object() && !value.is_array() {
            return self.look(schema, value, depth);
        }
        let pair = pair(schema, value);
        if let Some(fit) = self.fits.borrow().get(&pair) {
            return *fit;
        }
        self.fits.borrow_mut().insert(pair, Fit::Keys);
        let fit = self.look(schema, value, depth);
        self.fits.borrow_mut().insert(pair, fit);
        fit
    }

    fn look(&self, schema: &Value, value: &Value, depth: usize) -> Fit {
        let Some(schema) = schema.as_object() else {
            return Fit::Whole;
        };
        if depth > DEPTH {
            return Fit::Keys;
        }
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return Fit::Whole;
        }
        let mut best = Fit::Whole;
        if let Some(target) = self.target(schema) {
            best = best.min(self.fit(target, value, depth + 1));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(arms)) = schema.get(keyword) {
                let arm = arms.iter().map(|arm| self.fit(arm, value, depth + 1)).max();
                best = best.min(arm.unwrap_or(Fit::No));
            }
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            best = best.min(self.fit(part, value, depth + 1));
        }
        if let Some(values) = literals(schema) {
            best = best.min(
                values
                    .iter()
                    .map(|known| same(known, value))
                    .max()
                    .unwrap_or(Fit::No),
            );
        }
        if !is_type(schema, value) {
            return Fit::No;
        }
        best.min(match value {
            Value::Object(object) => self.object_fit(schema, object, depth),
            Value::Array(items) => self.array_fit(schema, items, depth),
            Value::Number(number) => within(schema, number),
            Value::String(text) => {
                let length = text.chars().count() as u64;
                counted(schema, "minLength", "maxLength", length)
            }
            Value::Null | Value::Bool(_) => Fit::Whole,
        })
    }

    fn object_fit(
        &self,
        schema: &Map<String, Value>,
        object: &Map<String, Value>,
        depth: usize,
    ) -> Fit {
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut best = counted(
            schema,
            "minProperties",
            "maxProperties",
            object.len() as u64,
        );
        for (key, value) in object {
            let known = properties.and_then(|all| all.get(key));
            let fit = match known.or_else(|| schema.get("additionalProperties")) {
                Some(Value::Bool(true)) => Fit::Whole,
                Some(Value::Bool(false)) => Fit::Keys,
                Some(inner) => {
                    let fit = self.fit(inner, value, depth + 1);
                    // One fixed value is a tag: another value means another arm.
                    let tag = inner
                        .as_object()
                        .and_then(literals)
                        .is_some_and(|all| all.len() == 1);
                    if fit == Fit::No && tag {
                        return Fit::No;
                    }
                    fit.max(Fit::Keys)
                }
                None if properties.is_some() && !schema.contains_key("additionalProperties") => {
                    // Left open, yet an arm that knows the key is the better one.
                    Fit::Keys
                }
                None => Fit::Whole,
            };
            best = best.min(fit);
        }
        let mut required = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        if !required.all(|key| key.as_str().is_some_and(|key| object.contains_key(key))) {
            best = best.min(Fit::Type);
        }
        best
    }

    fn array_fit(&self, schema: &Map<String, Value>, items: &[Value], depth: usize) -> Fit {
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let mut best = counted(schema, "minItems", "maxItems", items.len() as u64);
        for (at, item) in items.iter().enumerate() {
            let inner = first
                .and_then(|first| first.get(at))
                .or_else(|| schema.get("items"));
            if let Some(inner) = inner {
                best = best.min(self.fit(inner, item, depth + 1).max(Fit::Keys));
            }
        }
        best
    }
}

fn counted(schema: &Map<String, Value>, low: &str, high: &str, count: u64) -> Fit {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
    let fits =
        limit(low).is_none_or(|low| low <= count) && limit(high).is_none_or(|high| count <= high);
    if fits { Fit::Whole } else { Fit::Keys }
}

fn within(schema: &Map<String, Value>, number: &Number) -> Fit {
    let limit = |key: &str| schema.get(key).and_then(Value::as_number);
    let fits = limit("minimum").is_none_or(|low| !less(number, low))
        && limit("maximum").is_none_or(|high| !less(high, number))
        && limit("exclusiveMinimum").is_none_or(|low| less(low, number))
        && limit("exclusiveMaximum").is_none_or(|high| less(number, high));
    if fits { Fit::Whole } else { Fit::Keys }
}

fn less(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one < other,
        _ => one.as_f64() < other.as_f64(),
    }
}

fn same(known: &Value, value: &Value) -> Fit {
    match (known, value) {
        _ if known == value => Fit::Whole,
        (Value::String(known), Value::String(value)) if known.eq_ignore_ascii_case(value) => {
            Fit::Case
        }
        (Value::Number(known), Value::Number(value))
            if !less(known, value) && !less(value, known) =>
        {
            Fit::Whole
        }
        _ => Fit::No,
    }
}

/// The values a schema lists.
fn literals(schema: &Map<String, Value>) -> Option<&[Value]> {
    match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => Some(values),
        (_, Some(value)) => Some(std::slice::from_ref(value)),
        _ => None,
    }
}

fn is_type(schema: &Map<String, Value>, value: &Value) -> bool {
    types(schema).is_none_or(|mut types| {
        types.any(|name| match (name, value) {
            ("null", Value::Null)
            | ("boolean", Value::Bool(_))
            | ("string", Value::String(_))
            | ("array", Value::Array(_))
            | ("object", Value::Object(_))
            | ("number", Value::Number(_)) => true,
            ("integer", Value::Number(number)) => {
                number.as_i128().is_some()
                    || number.as_f64().is_some_and(|float| float.fract() == 0.0)
            }
            _ => false,
        })
    })
}

fn types(schema: &Map<String, Value>) -> Option<impl Iterator<Item = &str>> {
    let declared = schema.get("type")?;
    let one = declared.as_str();
    let many = declared
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    Some(one.into_iter().chain(many))
}

impl Look<'_> {
    /// The schema a reference leads to.
    fn target(&self, schema: &Map<String, Value>) -> Option<&Value> {
        let target = schema.get("$ref")?.as_str()?;
        self.document.pointer(target.strip_prefix('#')?)
    }

    fn disjoint(&self, one: &Value, other: &Value, depth: usize) -> bool {
        let pair = pair(one, other);
        if let Some(apart) = self.apart.borrow().get(&pair) {
            return *apart;
        }
        self.apart.borrow_mut().insert(pair, false);
        let apart = self.are_apart(one, other, depth);
        self.apart.borrow_mut().insert(pair, apart);
        apart
    }

    fn are_apart(&self, one: &Value, other: &Value, depth: usize) -> bool {
        let (Some(a), Some(b)) = (one.as_object(), other.as_object()) else {
            return false;
        };
        if depth > DEPTH {
            return false;
        }
        let apart = |one: &Value, other: &Value| self.disjoint(one, other, depth + 1);
        for (schema, rest) in [(a, other), (b, one)] {
            if self
                .target(schema)
                .is_some_and(|target| apart(target, rest))
            {
                return true;
            }
            for keyword in ["anyOf", "oneOf"] {
                let arms = schema.get(keyword).and_then(Value::as_array);
                if arms.is_some_and(|arms| arms.iter().all(|arm| apart(arm, rest))) {
                    return true;
                }
            }
            if literals(schema).is_some_and(|values| {
                values
                    .iter()
                    .all(|value| self.fit(rest, value, depth + 1) < Fit::Case)
            }) {
                return true;
            }
        }
        if [a, b]
            .iter()
            .any(|schema| schema.get("nullable") == Some(&Value::Bool(true)))
        {
            return false;
        }
        match (types(a), types(b)) {
            (Some(ours), Some(theirs)) => {
                let theirs: Vec<_> = theirs.collect();
                let shared: Vec<_> = ours
                    .filter(|name| theirs.iter().any(|other| overlap(name, other)))
                    .collect();
                shared.is_empty()
                    || (shared == ["object"]
                        && (self.keyed_apart(a, b, depth) || self.keyed_apart(b, a, depth)))
            }
            _ => false,
        }
    }

    /// Whether a key that one object requires can't be in the other.
    fn keyed_apart(
        &self,
        one: &Map<String, Value>,
        other: &Map<String, Value>,
        depth: usize,
    ) -> bool {
        let required = one
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let closed = match other.get("additionalProperties") {
            Some(Value::Bool(false)) => true,
            // The dialect without `additionalProperties` has only named keys.
            None => other.get("properties").is_some(),
            Some(_) => false,
        };
        required.filter_map(Value::as_str).any(|key| {
            match (property(one, key), property(other, key)) {
                (Some(ours), Some(theirs)) => self.disjoint(ours, theirs, depth + 1),
                (_, None) => closed,
                (None, Some(_)) => false,
            }
        })
    }
}

fn overlap(one: &str, other: &str) -> bool {
    one == other || matches!((one, other), ("integer", "number") | ("number", "integer"))
}

fn property<'a>(schema: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    schema.get("properties")?.get(key)
}
