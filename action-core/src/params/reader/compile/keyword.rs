//! The keywords of a schema: which there are, and reading the plain ones.

use enact_grammar::format::Format;
use serde_json::Value;

use super::Schema;
use crate::params::reader::node::Secrecy;
use crate::params::rules::Len;

/// Keywords that say nothing a value could break, and those that other code reads.
pub(super) const NOTES: [&str; 17] = [
    "$defs",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
    // Written for aliases, which the fields themselves carry.
    "dependentSchemas",
    "unevaluatedProperties",
    "$ref",
    "const",
    "enum",
    "type",
];
pub(super) const ASSERTIONS: [&str; 23] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "anyOf",
    "oneOf",
    "allOf",
];

/// The name of the definition that a schema refers to, or the path where it leads elsewhere.
pub(in crate::params::reader) fn reference(map: &Schema) -> Option<&str> {
    let path = map.get("$ref")?.as_str()?;
    Some(path.strip_prefix("#/$defs/").unwrap_or(path))
}

/// Whether a pattern is what the format beside it publishes, and so checked with the format.
pub(super) fn belongs_to_format(map: &Schema, pattern: &str) -> bool {
    let format = map
        .get("format")
        .and_then(Value::as_str)
        .and_then(Format::from_name);
    format.and_then(Format::pattern) == Some(pattern)
}

pub(in crate::params::reader) fn constants(map: &Schema) -> Option<Box<[Value]>> {
    match (map.get("const"), map.get("enum")) {
        (Some(only), _) => Some(Box::new([only.clone()])),
        (None, Some(Value::Array(list))) => Some(list.clone().into()),
        _ => None,
    }
}

pub(in crate::params::reader) fn required_names(map: &Schema) -> impl Iterator<Item = &str> {
    map.get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

pub(super) fn flag(map: &Schema, keyword: &str) -> bool {
    map.get(keyword) == Some(&Value::Bool(true))
}

pub(super) fn secrecy(map: &Schema) -> Secrecy {
    if flag(map, "writeOnly") {
        Secrecy::Secret
    } else {
        Secrecy::Open
    }
}

pub(super) fn text(map: &Schema, keyword: &str) -> Option<Box<str>> {
    map.get(keyword).and_then(Value::as_str).map(Into::into)
}

pub(super) fn len(map: &Schema, least: &str, most: &str) -> Option<Len> {
    let whole = |keyword| map.get(keyword).and_then(Value::as_u64);
    match (whole(least), whole(most)) {
        (None, None) => None,
        (min, max) => Some(Len {
            min: min.unwrap_or(0),
            max,
        }),
    }
}
