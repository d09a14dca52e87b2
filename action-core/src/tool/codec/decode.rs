//! From the vendor's arguments to params.

use serde_json::{Map, Value};

use super::{Codec, Codecs, DEPTH, Gap, Rest, Slot, has_only, item};
use crate::tool::fit;

impl Codecs {
    /// The params that the vendor's arguments stand for.
    pub(in crate::tool) fn decode(&self, args: Value) -> Value {
        self.decode_at(&self.root, args, 0)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each codec")]
    fn decode_at(&self, codec: &Codec, value: Value, depth: usize) -> Value {
        if depth > DEPTH {
            return value;
        }
        let deeper = depth + 1;
        match (codec, value) {
            (Codec::Named(name), value) => self.decode_at(self.named(name), value, deeper),
            (Codec::Json, Value::String(text)) => {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
            (Codec::Spelling(words), Value::String(word)) => Value::String(respelled(words, word)),
            (Codec::Texts(pairs), Value::String(text)) => {
                let known = pairs.iter().find(|(known, _)| *known == text);
                known.map_or(Value::String(text), |(_, value)| value.clone())
            }
            (Codec::List(inner), Value::Array(items)) => items
                .into_iter()
                .map(|value| self.decode_at(inner, value, deeper))
                .collect(),
            (
                Codec::Tuple {
                    items,
                    keyed: false,
                },
                Value::Array(mut values),
            ) => {
                for (codec, value) in items.iter().zip(&mut values) {
                    *value = self.decode_at(codec, value.take(), deeper);
                }
                Value::Array(values)
            }
            (Codec::Tuple { items, keyed: true }, Value::Object(object)) => {
                self.decode_tuple(items, object, deeper)
            }
            (
                Codec::Map {
                    value: inner,
                    listed: false,
                    ..
                },
                Value::Object(object),
            ) => object
                .into_iter()
                .map(|(key, value)| (key, self.decode_at(inner, value, deeper)))
                .collect(),
            (
                Codec::Map {
                    key,
                    value,
                    listed: true,
                },
                Value::Array(pairs),
            ) => match self.decode_pairs(key, value, pairs, deeper) {
                Ok(map) => Value::Object(map),
                Err(pairs) => Value::Array(pairs),
            },
            (Codec::Object { fields, rest }, Value::Object(object)) => {
                self.decode_object(fields, rest.as_deref(), object, deeper)
            }
            (Codec::Union(arms), value) => {
                match Self::arm(arms, |arm| fit::fit(&self.vendor, &arm.vendor, &value)) {
                    Some(arm) => self.decode_at(&arm.codec, value, deeper),
                    None => value,
                }
            }
            (_, value) => value,
        }
    }

    fn decode_tuple(&self, items: &[Codec], mut object: Map<String, Value>, depth: usize) -> Value {
        let names: Vec<_> = (0..items.len()).map(item).collect();
        if !has_only(
            &object,
            &names.iter().map(String::as_str).collect::<Vec<_>>(),
        ) {
            return Value::Object(object);
        }
        let values = names.iter().zip(items).filter_map(|(name, codec)| {
            object
                .remove(name)
                .map(|value| self.decode_at(codec, value, depth))
        });
        values.collect()
    }

    /// The map that the pairs make, or the pairs if they make none.
    fn decode_pairs(
        &self,
        key: &Codec,
        value: &Codec,
        pairs: Vec<Value>,
        depth: usize,
    ) -> Result<Map<String, Value>, Vec<Value>> {
        let mut map = Map::new();
        for pair in &pairs {
            let Some((name, inner)) = pair.as_object().and_then(entry) else {
                return Err(pairs);
            };
            let Value::String(name) = self.decode_at(key, Value::from(name), depth) else {
                return Err(pairs);
            };
            if map
                .insert(name, self.decode_at(value, inner.clone(), depth))
                .is_some()
            {
                return Err(pairs);
            }
        }
        Ok(map)
    }

    fn decode_object(
        &self,
        fields: &[Slot],
        rest: Option<&Rest>,
        object: Map<String, Value>,
        depth: usize,
    ) -> Value {
        let mut decoded = Map::new();
        let mut further = Map::new();
        for (key, value) in object {
            if let Some(slot) = fields.iter().find(|slot| slot.name == key) {
                if !(value.is_null() && matches!(slot.gap, Gap::Absent | Gap::Null)) {
                    decoded.insert(key, self.decode_at(&slot.codec, value, depth));
                }
                continue;
            }
            match (rest, value) {
                (Some(rest), Value::Array(pairs)) if rest.listed.as_ref() == Some(&key) => {
                    match self.decode_pairs(&rest.key, &rest.value, pairs, depth) {
                        // A key that is already there would hide a param.
                        Ok(map)
                            if !map
                                .keys()
                                .any(|key| fields.iter().any(|slot| slot.name == *key)) =>
                        {
                            further.extend(map);
                        }
                        Ok(map) => {
                            further.insert(key, Value::Object(map));
                        }
                        Err(pairs) => {
                            further.insert(key, Value::Array(pairs));
                        }
                    }
                }
                (Some(rest), value) if rest.listed.is_none() => {
                    decoded.insert(key, self.decode_at(&rest.value, value, depth));
                }
                (_, value) => {
                    decoded.insert(key, value);
                }
            }
        }
        decoded.extend(further);
        Value::Object(decoded)
    }
}

fn entry(pair: &Map<String, Value>) -> Option<(&str, &Value)> {
    if !has_only(pair, &["key", "value"]) {
        return None;
    }
    Some((pair.get("key")?.as_str()?, pair.get("value")?))
}

/// The word as the enum spells it, if there is just one such word.
fn respelled(words: &[String], word: String) -> String {
    if words.contains(&word) {
        return word;
    }
    let mut alike = words
        .iter()
        .filter(|known| known.eq_ignore_ascii_case(&word));
    match (alike.next(), alike.next()) {
        (Some(known), None) => known.clone(),
        _ => word,
    }
}
