//! From params to the vendor's arguments.

use serde_json::{Map, Value, json};

use super::{Codec, Codecs, DEPTH, Gap, Rest, Slot, item};
use crate::tool::fit;

impl Codecs {
    /// The arguments that stand for the params.
    pub(in crate::tool) fn encode(&self, params: Value) -> Value {
        self.encode_at(&self.root, params, 0)
    }

    /// What stands for one value within the params.
    pub(in crate::tool) fn encode_part(&self, codec: &Codec, value: Value) -> Value {
        self.encode_at(codec, value, 0)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each codec")]
    fn encode_at(&self, codec: &Codec, value: Value, depth: usize) -> Value {
        if depth > DEPTH {
            return value;
        }
        let deeper = depth + 1;
        match (codec, value) {
            (Codec::Named(name), value) => self.encode_at(self.named(name), value, deeper),
            (Codec::Json, value) => Value::String(value.to_string()),
            (Codec::Texts(pairs), value) => {
                let known = pairs.iter().find(|(_, known)| *known == value);
                known.map_or(value, |(text, _)| Value::from(text.as_str()))
            }
            (Codec::List(inner), Value::Array(items)) => items
                .into_iter()
                .map(|value| self.encode_at(inner, value, deeper))
                .collect(),
            (Codec::Tuple { items, keyed }, Value::Array(values))
                if items.len() == values.len() =>
            {
                let values = items.iter().zip(values);
                let values = values.map(|(codec, value)| self.encode_at(codec, value, deeper));
                if *keyed {
                    values
                        .enumerate()
                        .map(|(at, value)| (item(at), value))
                        .collect()
                } else {
                    values.collect()
                }
            }
            (
                Codec::Map {
                    key,
                    value,
                    listed: true,
                },
                Value::Object(object),
            ) => self.encode_pairs(key, value, object, deeper),
            (
                Codec::Map {
                    value: inner,
                    listed: false,
                    ..
                },
                Value::Object(object),
            ) => object
                .into_iter()
                .map(|(key, value)| (key, self.encode_at(inner, value, deeper)))
                .collect(),
            (Codec::Object { fields, rest }, Value::Object(object)) => {
                self.encode_object(fields, rest.as_deref(), object, deeper)
            }
            (Codec::Union(arms), value) => {
                match Self::arm(arms, |arm| {
                    fit::fit(&self.canonical, &arm.canonical, &value)
                }) {
                    Some(arm) => self.encode_at(&arm.codec, value, deeper),
                    None => value,
                }
            }
            (_, value) => value,
        }
    }

    fn encode_pairs(
        &self,
        key: &Codec,
        value: &Codec,
        object: Map<String, Value>,
        depth: usize,
    ) -> Value {
        let pairs = object.into_iter().map(|(name, inner)| {
            json!({
                "key": self.encode_at(key, Value::String(name), depth),
                "value": self.encode_at(value, inner, depth),
            })
        });
        pairs.collect()
    }

    fn encode_object(
        &self,
        fields: &[Slot],
        rest: Option<&Rest>,
        mut object: Map<String, Value>,
        depth: usize,
    ) -> Value {
        let mut encoded = Map::new();
        for slot in fields {
            let value = match (object.shift_remove(&slot.name), &slot.gap) {
                (None, Gap::Itself | Gap::Absent) | (Some(Value::Null), Gap::Absent) => continue,
                (None, Gap::Null) => Value::Null,
                // Any JSON has a null of its own, as text.
                (Some(Value::Null), Gap::Null) if slot.codec != Codec::Json => Value::Null,
                (None, Gap::Filled(value)) => value.clone(),
                (Some(value), Gap::Filled(_)) if value.is_null() => value,
                (Some(value), _) => self.encode_at(&slot.codec, value, depth),
            };
            encoded.insert(slot.name.clone(), value);
        }
        match rest {
            Some(Rest {
                listed: Some(name),
                key,
                value,
            }) => {
                encoded.insert(name.clone(), self.encode_pairs(key, value, object, depth));
            }
            Some(Rest {
                listed: None,
                value: inner,
                ..
            }) => {
                for (key, value) in object {
                    encoded.insert(key, self.encode_at(inner, value, depth));
                }
            }
            None => encoded.extend(object),
        }
        Value::Object(encoded)
    }
}
