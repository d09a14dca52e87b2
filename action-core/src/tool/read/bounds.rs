//! The keywords that restrict a value.

use serde_json::{Map, Value};

use crate::tool::shape::Bound;

pub(super) const NUMBER: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];
pub(super) const TEXT: &[&str] = &["minLength", "maxLength", "pattern", "format"];
pub(super) const LIST: &[&str] = &["minItems", "maxItems", "uniqueItems"];
pub(super) const ENTRIES: &[&str] = &["minProperties", "maxProperties"];

/// The bounds among the keywords that mean something for the type.
pub(super) fn bounds(schema: &Map<String, Value>, keywords: &[&str]) -> Vec<Bound> {
    keywords
        .iter()
        .filter_map(|keyword| bound(keyword, schema.get(*keyword)?))
        .collect()
}

fn bound(keyword: &str, value: &Value) -> Option<Bound> {
    let number = || value.as_number().cloned();
    let text = || value.as_str().map(str::to_owned);
    match keyword {
        "minimum" => number().map(Bound::Minimum),
        "maximum" => number().map(Bound::Maximum),
        "exclusiveMinimum" => number().map(Bound::ExclusiveMinimum),
        "exclusiveMaximum" => number().map(Bound::ExclusiveMaximum),
        "multipleOf" => number().map(Bound::MultipleOf),
        "minLength" => value.as_u64().map(Bound::MinLength),
        "maxLength" => value.as_u64().map(Bound::MaxLength),
        "pattern" => text().map(Bound::Pattern),
        "format" => text().map(Bound::Format),
        "minItems" => value.as_u64().map(Bound::MinItems),
        "maxItems" => value.as_u64().map(Bound::MaxItems),
        "uniqueItems" => value.as_bool()?.then_some(Bound::UniqueItems),
        "minProperties" => value.as_u64().map(Bound::MinProperties),
        "maxProperties" => value.as_u64().map(Bound::MaxProperties),
        _ => None,
    }
}
