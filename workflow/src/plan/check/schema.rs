//! What a schema says of a value before it is there.

use serde_json::{Map, Value};

use super::kinds::Kinds;
use crate::plan::place;

/// How far references inside of a schema are followed.
const DEEPEST: u32 = 24;

/// The definition that a local reference points to.
fn target_of<'j>(root: &'j Value, reference: &str) -> Option<&'j Value> {
    root.pointer(reference.strip_prefix('#')?)
}

pub(super) fn kinds(root: &Value, schema: &Value, depth: u32) -> Kinds {
    let Value::Object(map) = schema else {
        let never = *schema == Value::Bool(false);
        return if never { Kinds::NONE } else { Kinds::ANY };
    };
    if depth > DEEPEST {
        return Kinds::ANY;
    }
    let mut found = own_kinds(map);
    if let Some(Value::String(reference)) = map.get("$ref") {
        let target = target_of(root, reference);
        found = found.and(target.map_or(Kinds::ANY, |inner| kinds(root, inner, depth + 1)));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(arms)) = map.get(keyword) {
            let arms = arms.iter().map(|arm| kinds(root, arm, depth + 1));
            found = found.and(arms.fold(Kinds::NONE, Kinds::or));
        }
    }
    if let Some(Value::Array(parts)) = map.get("allOf") {
        let parts = parts.iter().map(|part| kinds(root, part, depth + 1));
        found = parts.fold(found, Kinds::and);
    }
    found
}

/// What `type`, `const` and `enum` leave.
fn own_kinds(map: &Map<String, Value>) -> Kinds {
    let mut found = match map.get("type") {
        Some(Value::String(name)) => Kinds::named(name),
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().map_or(Kinds::ANY, Kinds::named))
            .fold(Kinds::NONE, Kinds::or),
        Some(_) | None => Kinds::ANY,
    };
    if let Some(value) = map.get("const") {
        found = found.and(Kinds::of(value));
    }
    if let Some(Value::Array(values)) = map.get("enum") {
        found = found.and(values.iter().map(Kinds::of).fold(Kinds::NONE, Kinds::or));
    }
    found
}

/// What a schema says of what is under a key or an index.
pub(super) enum Inside<'j> {
    Unknown,
    Nothing,
    One(&'j Value),
    Several(Vec<&'j Value>),
}

impl<'j> Inside<'j> {
    /// Of two schemas that both hold, the one that says more; each may stand for both.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            (Self::Unknown, other) => other,
            (this, _) => this,
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (this, other) => {
                let mut all = this.into_list();
                all.append(&mut other.into_list());
                Self::Several(all)
            }
        }
    }

    fn into_list(self) -> Vec<&'j Value> {
        match self {
            Self::Unknown | Self::Nothing => Vec::new(),
            Self::One(one) => vec![one],
            Self::Several(all) => all,
        }
    }
}

pub(super) fn inside<'j>(
    root: &'j Value,
    schema: &'j Value,
    token: &str,
    depth: u32,
) -> Inside<'j> {
    let Value::Object(map) = schema else {
        let never = *schema == Value::Bool(false);
        return if never {
            Inside::Nothing
        } else {
            Inside::Unknown
        };
    };
    if depth > DEEPEST {
        return Inside::Unknown;
    }
    let mut found = own_inside(map, token);
    if let Some(Value::String(reference)) = map.get("$ref")
        && let Some(target) = target_of(root, reference)
    {
        found = found.and(inside(root, target, token, depth + 1));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(arms)) = map.get(keyword) {
            let arms = arms.iter().map(|arm| inside(root, arm, token, depth + 1));
            found = found.and(arms.fold(Inside::Nothing, Inside::or));
        }
    }
    if let Some(Value::Array(parts)) = map.get("allOf") {
        let parts = parts
            .iter()
            .map(|part| inside(root, part, token, depth + 1));
        found = parts.fold(found, Inside::and);
    }
    found
}

fn own_inside<'j>(map: &'j Map<String, Value>, token: &str) -> Inside<'j> {
    let own = own_kinds(map);
    let object = own.meets(Kinds::OBJECT).then(|| property(map, token));
    let list = own.meets(Kinds::LIST).then(|| item(map, token));
    match (object, list) {
        (Some(object), Some(list)) => object.or(list),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Inside::Nothing,
    }
}

fn property<'j>(map: &'j Map<String, Value>, token: &str) -> Inside<'j> {
    if let Some(property) = map.get("properties").and_then(|all| all.get(token)) {
        return Inside::One(property);
    }
    if map.contains_key("patternProperties") {
        return Inside::Unknown;
    }
    match map.get("additionalProperties") {
        Some(Value::Bool(false)) => Inside::Nothing,
        Some(rest @ Value::Object(_)) => Inside::One(rest),
        Some(_) | None => Inside::Unknown,
    }
}

fn item<'j>(map: &'j Map<String, Value>, token: &str) -> Inside<'j> {
    let Some(index) = place::index(token) else {
        return Inside::Nothing;
    };
    let most = map.get("maxItems").and_then(Value::as_u64);
    if most.is_some_and(|most| index as u64 >= most) {
        return Inside::Nothing;
    }
    let first = map.get("prefixItems").and_then(|all| all.get(index));
    match first.or_else(|| map.get("items")) {
        Some(Value::Bool(false)) => Inside::Nothing,
        Some(one @ Value::Object(_)) => Inside::One(one),
        Some(_) | None => Inside::Unknown,
    }
}

pub(super) fn properties<'j>(root: &'j Value, schema: &'j Value, depth: u32) -> Vec<&'j str> {
    if let Some(Value::Object(all)) = schema.get("properties") {
        return all.keys().map(String::as_str).collect();
    }
    let target = schema.get("$ref").and_then(Value::as_str);
    match target.and_then(|reference| target_of(root, reference)) {
        Some(inner) if depth < DEEPEST => properties(root, inner, depth + 1),
        Some(_) | None => Vec::new(),
    }
}

pub(super) fn chooses(root: &Value, schema: &Value, depth: u32) -> bool {
    if depth > DEEPEST {
        return true;
    }
    let arms = ["anyOf", "oneOf"].iter().any(|keyword| {
        let arms = schema.get(keyword).and_then(Value::as_array);
        let several = |arms: &Vec<Value>| {
            arms.iter()
                .filter(|arm| kinds(root, arm, depth) != Kinds::NULL)
                .count()
                > 1
        };
        arms.is_some_and(several)
    });
    // Only marked parts are known to choose between names alone.
    let parts = schema.get("allOf").and_then(Value::as_array);
    let parts = parts
        .into_iter()
        .flatten()
        .filter(|part| part.get("x-alias").is_none());
    let target = schema.get("$ref").and_then(Value::as_str);
    let target = target.and_then(|reference| target_of(root, reference));
    arms || parts
        .chain(target)
        .any(|part| chooses(root, part, depth + 1))
        || schema
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|arms| arms.iter().any(|arm| chooses(root, arm, depth + 1)))
}
