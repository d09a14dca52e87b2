//! Conditions as they are written.

use serde_json::Value;

use super::fields::Fields;
use super::given::{Given, Link};
use super::object;
use crate::plan::condition::Relation;
use crate::plan::limits::MOST_NESTING;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::Place;
use crate::plan::words;

/// A condition, as it is written.
pub(in crate::plan) enum Asked<'j> {
    Always(bool),
    Holds(String, Option<Link<'j>>),
    Exists(String, Option<Link<'j>>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare(String, Relation, [Given<'j>; 2]),
    In(String, [Given<'j>; 2]),
    /// Malformed.
    Broken,
}

const KEYS: [&str; 12] = [
    "all", "any", "not", "eq", "ne", "lt", "le", "gt", "ge", "in", "exists", "ref",
];

impl<'j> Asked<'j> {
    pub(super) fn read(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Self {
        Self::nested(json, place, 1, notes).unwrap_or(Self::Broken)
    }

    fn nested(json: &'j Value, place: &Place<'_>, depth: usize, notes: &mut Notes) -> Option<Self> {
        if depth > MOST_NESTING {
            let allowed = format!("conditions at most {MOST_NESTING} deep");
            notes.add(place, Code::Limit, "one more condition inside", allowed);
            return None;
        }
        if let Value::Bool(literal) = json {
            return Some(Self::Always(*literal));
        }
        let allowed = "a condition: true, false, or an object with one operator";
        let map = object(json, place, allowed, notes)?;
        if map.contains_key("ref") {
            return Some(Self::Holds(place.pointer(), Link::read(json, place, notes)));
        }
        let fields = Fields::read(json, place, "a condition", &KEYS, notes)?;
        let mut known = KEYS.iter().filter_map(|key| Some((*key, fields.get(key)?)));
        let (Some((key, inner)), None) = (known.next(), known.next()) else {
            // An unknown key is a mistake of its own.
            if map.keys().all(|key| KEYS.contains(&key.as_str())) {
                let allowed = format!("exactly one of {}", KEYS.join(", "));
                notes.add(place, Code::Shape, words::value(json), allowed);
            }
            return None;
        };
        Self::operator(key, inner, &place.key(key), depth, notes)
    }

    fn operator(
        key: &str,
        json: &'j Value,
        place: &Place<'_>,
        depth: usize,
        notes: &mut Notes,
    ) -> Option<Self> {
        let relation = match key {
            "all" => return Self::several(json, place, depth, notes).map(Self::All),
            "any" => return Self::several(json, place, depth, notes).map(Self::Any),
            "not" => {
                let inner = Self::nested(json, place, depth + 1, notes)?;
                return Some(Self::Not(Box::new(inner)));
            }
            "exists" => {
                return Some(Self::Exists(
                    place.pointer(),
                    Link::exists(json, place, notes),
                ));
            }
            "in" => {
                let pair = pair(json, place, notes)?;
                return Some(Self::In(place.pointer(), pair));
            }
            "eq" => Relation::Eq,
            "ne" => Relation::Ne,
            "lt" => Relation::Lt,
            "le" => Relation::Le,
            "gt" => Relation::Gt,
            _ => Relation::Ge,
        };
        let pair = pair(json, place, notes)?;
        Some(Self::Compare(place.pointer(), relation, pair))
    }

    fn several(
        json: &'j Value,
        place: &Place<'_>,
        depth: usize,
        notes: &mut Notes,
    ) -> Option<Vec<Self>> {
        let list = json.as_array().filter(|list| !list.is_empty());
        let Some(list) = list else {
            let allowed = "a list of at least one condition";
            notes.add(place, Code::Shape, words::value(json), allowed);
            return None;
        };
        let read = |(index, one)| {
            Self::nested(one, &place.index(index), depth + 1, notes).unwrap_or(Self::Broken)
        };
        Some(list.iter().enumerate().map(read).collect())
    }
}

impl<'j> Link<'j> {
    /// The reference that `exists` asks about; a default would always exist.
    fn exists(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Option<Self> {
        if json.get("default").is_some() {
            let place = place.key("default");
            notes.add(
                &place,
                Code::Shape,
                "a default",
                "none: with it the value always exists",
            );
        }
        Self::read(json, place, notes)
    }
}

fn pair<'j>(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Option<[Given<'j>; 2]> {
    let Some([left, right]) = json.as_array().map(Vec::as_slice) else {
        notes.add(
            place,
            Code::Shape,
            words::value(json),
            "a list of two values",
        );
        return None;
    };
    Some([
        Given::read(left, &place.index(0), notes),
        Given::read(right, &place.index(1), notes),
    ])
}
