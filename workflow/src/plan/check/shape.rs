//! What is known of a value before it is there: which JSON types it may have, and what is in it.

use std::fmt;
use std::rc::Rc;

use enact_action_core::__private::number;
use serde_json::{Map, Value};

use crate::plan::place;

/// How far references inside of a schema are followed.
const DEEPEST: u32 = 24;

/// A set of JSON types; a whole number is a type of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOL: Self = Self(2);
    pub(super) const WHOLE: Self = Self(4);
    pub(super) const NUMBER: Self = Self(4 | 8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const LIST: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ANY: Self = Self(127);

    /// What can be ordered.
    pub(super) const ORDERED: Self = Self::NUMBER.or(Self::STRING);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.and(other) != Self::NONE
    }

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOL,
            Value::Number(found) if number::is_integer(found) => Self::WHOLE,
            Value::Number(_) => Self::NUMBER.without(Self::WHOLE),
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::LIST,
            Value::Object(_) => Self::OBJECT,
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOL,
            "integer" => Self::WHOLE,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::LIST,
            "object" => Self::OBJECT,
            _ => Self::ANY,
        }
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = if self.and(Self::NUMBER) == Self::WHOLE {
            "a whole number"
        } else {
            "a number"
        };
        let names = [
            (Self::BOOL, "true or false"),
            (Self::NUMBER, number),
            (Self::STRING, "text"),
            (Self::LIST, "a list"),
            (Self::OBJECT, "an object"),
            (Self::NULL, "null"),
        ];
        let mut names = names.iter().filter(|(kinds, _)| self.meets(*kinds));
        f.write_str(names.next().map_or("nothing", |(_, name)| name))?;
        names.try_for_each(|(_, name)| write!(f, " or {name}"))
    }
}

/// What is known of a value.
#[derive(Clone)]
pub(super) enum Shape<'j> {
    /// Nothing.
    Any,
    /// It is this.
    Literal(&'j Value),
    /// A schema describes it; the first is the document that its references point into.
    Schema(&'j Value, &'j Value),
    /// A list of these.
    List(Rc<Self>),
    /// A list of exactly these.
    Tuple(Rc<[Self]>),
    /// An object of exactly these.
    Object(Rc<[(&'j str, Self)]>),
    /// One of these; none of them is itself one of several.
    Either(Rc<[Self]>),
    /// The first, and where that is null or nothing, the second.
    Defaulted(Rc<Self>, &'j Value),
    /// Something of these types.
    Of(Kinds),
}

/// How many alternatives are told apart; plans could else multiply them without bound.
const MOST_ALTERNATIVES: usize = 64;

impl Shape<'_> {
    /// One of these.
    pub(super) fn either(all: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for one in all {
            match one {
                Self::Any => return Self::Any,
                Self::Either(several) => flat.extend(several.iter().cloned()),
                one @ Self::Defaulted(..) => flat.push(Self::Of(one.kinds())),
                one => flat.push(one),
            }
        }
        if flat.len() > MOST_ALTERNATIVES {
            let kinds = flat.iter().map(Self::kinds);
            return Self::Of(kinds.fold(Kinds::NONE, Kinds::or));
        }
        match flat.as_slice() {
            [one] => one.clone(),
            _ => Self::Either(flat.into()),
        }
    }

    /// The types that it may have.
    pub(super) fn kinds(&self) -> Kinds {
        match self {
            Self::Any => Kinds::ANY,
            Self::Literal(value) => Kinds::of(value),
            Self::Schema(root, schema) => kinds(root, schema, 0),
            Self::List(_) | Self::Tuple(_) => Kinds::LIST,
            Self::Object(_) => Kinds::OBJECT,
            Self::Either(all) => all
                .iter()
                .fold(Kinds::NONE, |kinds, one| kinds.or(one.kinds())),
            Self::Defaulted(first, default) => {
                first.kinds().without(Kinds::NULL).or(Kinds::of(default))
            }
            Self::Of(kinds) => *kinds,
        }
    }

    /// What is under a key or an index; none, where surely nothing is.
    pub(super) fn inside(&self, token: &str) -> Option<Self> {
        match self {
            Self::Any => Some(Self::Any),
            Self::Literal(Value::Object(map)) => map.get(token).map(Self::Literal),
            Self::Literal(Value::Array(list)) => list.get(place::index(token)?).map(Self::Literal),
            Self::Literal(_) => None,
            Self::Schema(root, schema) => match inside(root, schema, token, 0) {
                Inside::Unknown => Some(Self::Any),
                Inside::Nothing => None,
                Inside::One(inner) => Some(Self::Schema(root, inner)),
                Inside::Several(all) => Some(Self::either(
                    all.into_iter().map(|one| Self::Schema(root, one)),
                )),
            },
            Self::List(item) => place::index(token).map(|_| (**item).clone()),
            Self::Tuple(items) => items.get(place::index(token)?).cloned(),
            Self::Object(members) => {
                let member = members.iter().find(|(key, _)| *key == token);
                member.map(|(_, shape)| shape.clone())
            }
            Self::Either(all) => {
                let inner: Vec<Self> = all.iter().filter_map(|one| one.inside(token)).collect();
                (!inner.is_empty()).then(|| Self::either(inner))
            }
            Self::Defaulted(first, default) => {
                let both = [first.inside(token), Self::Literal(default).inside(token)];
                let both: Vec<Self> = both.into_iter().flatten().collect();
                (!both.is_empty()).then(|| Self::either(both))
            }
            Self::Of(kinds) => kinds
                .meets(Kinds::LIST.or(Kinds::OBJECT))
                .then_some(Self::Any),
        }
    }

    /// What an item of it is.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            Self::Tuple(items) => Self::either(items.iter().cloned()),
            Self::Literal(Value::Array(list)) => Self::either(list.iter().map(Self::Literal)),
            Self::Schema(_, schema) if schema.get("prefixItems").is_some() => Self::Any,
            Self::Schema(..) => self.inside("0").unwrap_or(Self::Any),
            Self::Any
            | Self::Literal(_)
            | Self::Object(_)
            | Self::Either(_)
            | Self::Defaulted(..)
            | Self::Of(_) => Self::Any,
        }
    }
}

/// The definition that a local reference points to.
fn target_of<'j>(root: &'j Value, reference: &str) -> Option<&'j Value> {
    root.pointer(reference.strip_prefix('#')?)
}

fn kinds(root: &Value, schema: &Value, depth: u32) -> Kinds {
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
enum Inside<'j> {
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

fn inside<'j>(root: &'j Value, schema: &'j Value, token: &str, depth: u32) -> Inside<'j> {
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

impl Shape<'_> {
    /// Whether there are several forms of it that differ in more than null.
    pub(super) fn chooses(&self) -> bool {
        match self {
            Self::Schema(root, schema) => chooses(root, schema, 0),
            Self::Either(_) => true,
            Self::Any
            | Self::Literal(_)
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Object(_)
            | Self::Defaulted(..)
            | Self::Of(_) => false,
        }
    }

    /// What it is, and what keys it has, for texts.
    pub(super) fn describe(&self) -> String {
        let keys: Vec<&str> = match self {
            Self::Literal(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            Self::Object(members) => members.iter().map(|(key, _)| *key).collect(),
            Self::Schema(root, schema) => properties(root, schema, 0),
            Self::Any
            | Self::Literal(_)
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Either(_)
            | Self::Defaulted(..)
            | Self::Of(_) => Vec::new(),
        };
        let keys = &keys[..keys.len().min(MOST_KEYS)];
        match keys {
            [] => self.kinds().to_string(),
            keys => format!("{} with {}", self.kinds(), keys.join(", ")),
        }
    }
}

/// How many keys a text lists.
const MOST_KEYS: usize = 16;

fn properties<'j>(root: &'j Value, schema: &'j Value, depth: u32) -> Vec<&'j str> {
    if let Some(Value::Object(all)) = schema.get("properties") {
        return all.keys().map(String::as_str).collect();
    }
    let target = schema.get("$ref").and_then(Value::as_str);
    match target.and_then(|reference| target_of(root, reference)) {
        Some(inner) if depth < DEEPEST => properties(root, inner, depth + 1),
        Some(_) | None => Vec::new(),
    }
}

fn chooses(root: &Value, schema: &Value, depth: u32) -> bool {
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
