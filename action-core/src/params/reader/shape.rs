//! What the arms of a union look like from outside, to tell them apart.

use serde_json::Value;

use super::compile::{Compiler, Schema, constants, reference, required_names};

/// An arm as seen from outside.
pub(super) enum Shape<'s> {
    /// Strings that are the names of unit variants.
    Units(Vec<&'s str>),
    /// An object.
    Record {
        /// Keys that must hold one constant string.
        tags: Vec<(&'s str, &'s str)>,
        /// The only key it may and must have, with its schema.
        only: Option<(&'s str, &'s Value)>,
    },
    /// Anything else.
    Other,
}

impl<'s> Shape<'s> {
    /// The constant under `key`.
    pub(super) fn tag(&self, key: &str) -> Option<&'s str> {
        match self {
            Self::Record { tags, .. } => tags
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| *value),
            Self::Units(_) | Self::Other => None,
        }
    }
}

/// The key whose constant tells all the arms apart.
pub(super) fn common_tag<'s>(shapes: &[Shape<'s>]) -> Option<&'s str> {
    let Some(Shape::Record { tags, .. }) = shapes.first() else {
        return None;
    };
    tags.iter().map(|(key, _)| *key).find(|key| {
        let mut values: Vec<Option<&str>> = shapes.iter().map(|shape| shape.tag(key)).collect();
        values.sort_unstable();
        let different = values.windows(2).all(|pair| pair[0] != pair[1]);
        different && values.iter().all(Option::is_some)
    })
}

impl<'s> Compiler<'s> {
    /// What an arm looks like from outside, through references.
    pub(super) fn shape(&self, arm: &'s Value) -> Shape<'s> {
        let mut arm = arm;
        for _ in 0..8 {
            match arm.as_object().map(|map| (map, reference(map))) {
                Some((map, Some(name))) if map.len() == 1 => {
                    arm = self.target(name).unwrap_or(&Value::Null);
                }
                _ => break,
            }
        }
        let Some(map) = arm.as_object() else {
            return Shape::Other;
        };
        if map.get("type").is_some_and(|kind| kind == "string") {
            let names = constants(map).map(|_| string_constants(map));
            return names.flatten().map_or(Shape::Other, Shape::Units);
        }
        match map.get("properties") {
            Some(Value::Object(properties)) => record_shape(map, properties),
            _ => Shape::Other,
        }
    }
}

fn record_shape<'s>(map: &'s Schema, properties: &'s Schema) -> Shape<'s> {
    let required: Vec<&str> = required_names(map).collect();
    let tags = properties
        .iter()
        .filter(|(name, _)| required.contains(&name.as_str()))
        .filter_map(|(name, property)| {
            Some((
                name.as_str(),
                property.get("const").and_then(Value::as_str)?,
            ))
        })
        .collect();
    let closed = map.get("additionalProperties") == Some(&Value::Bool(false));
    let only = match (required.as_slice(), properties.len(), closed) {
        ([name], 1, true) => properties.get(*name).map(|inner| (*name, inner)),
        _ => None,
    };
    Shape::Record { tags, only }
}

fn string_constants(map: &Schema) -> Option<Vec<&str>> {
    match (map.get("const"), map.get("enum")) {
        (Some(only), _) => Some(vec![only.as_str()?]),
        (None, Some(Value::Array(list))) => list.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
