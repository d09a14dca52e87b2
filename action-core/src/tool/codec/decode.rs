//! From the vendor's arguments to params.

use std::fmt;

use serde_json::{Map, Value};

use super::{Codec, Codecs, DEPTH, Gap, Rest, Slot, has_only, item};
use crate::params::{Code, Violation, Violations};
use crate::tool::fit;

impl Codecs {
    /// The params that the vendor's arguments stand for, and what in them stands for none.
    pub(in crate::tool) fn decode(&self, args: Value) -> (Value, Violations) {
        let mut decoder = Decoder {
            codecs: self,
            found: Violations::of(Vec::new(), 0),
        };
        let root = Place {
            outer: None,
            depth: 0,
        };
        let params = decoder.decode_at(&self.root, args, root);
        (params, decoder.found)
    }
}

/// A place in the vendor's arguments.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// None, for the whole.
    outer: Option<(&'a Self, Name<'a>)>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    fn at(&'a self, name: Name<'a>) -> Self {
        Self {
            outer: Some((self, name)),
            depth: self.depth + 1,
        }
    }

    /// The same place, seen through one more codec.
    fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }
}

/// The JSON pointer.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outer {
            None => Ok(()),
            Some((outer, Name::Index(index))) => write!(f, "{outer}/{index}"),
            Some((outer, Name::Key(key))) => {
                let key = key.replace('~', "~0").replace('/', "~1");
                write!(f, "{outer}/{key}")
            }
        }
    }
}

/// What each item of a list is that stands for a map.
const PAIR: &str = "an object of `key`, a text, and `value`";
const NO_PAIR: &str = "something else";

struct Decoder<'a> {
    codecs: &'a Codecs,
    found: Violations,
}

impl Decoder<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm for each codec")]
    fn decode_at(&mut self, codec: &Codec, value: Value, place: Place<'_>) -> Value {
        if place.depth > DEPTH {
            return value;
        }
        match (codec, value) {
            (Codec::Named(name), value) => {
                self.decode_at(self.codecs.named(name), value, place.deeper())
            }
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
                .enumerate()
                .map(|(at, value)| self.decode_at(inner, value, place.at(Name::Index(at))))
                .collect(),
            (
                Codec::Tuple {
                    items,
                    keyed: false,
                },
                Value::Array(mut values),
            ) => {
                for (at, (codec, value)) in items.iter().zip(&mut values).enumerate() {
                    *value = self.decode_at(codec, value.take(), place.at(Name::Index(at)));
                }
                Value::Array(values)
            }
            (Codec::Tuple { items, keyed: true }, Value::Object(object)) => {
                self.decode_tuple(items, object, place)
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
                .map(|(key, value)| {
                    let value = self.decode_at(inner, value, place.at(Name::Key(&key)));
                    (key, value)
                })
                .collect(),
            (
                Codec::Map {
                    key,
                    value,
                    listed: true,
                },
                Value::Array(pairs),
            ) => match self.decode_pairs((key, value), pairs, place) {
                Ok(map) => Value::Object(map),
                Err(pairs) => Value::Array(pairs),
            },
            (Codec::Object { fields, rest }, Value::Object(object)) => {
                self.decode_object(fields, rest.as_deref(), object, place)
            }
            (Codec::Union(arms), value) => {
                let vendor = &self.codecs.vendor;
                match Codecs::arm(arms, |arm| fit::fit(vendor, &arm.vendor, &value)) {
                    Some(arm) => self.decode_at(&arm.codec, value, place.deeper()),
                    None => value,
                }
            }
            (_, value) => value,
        }
    }

    fn decode_tuple(
        &mut self,
        items: &[Codec],
        mut object: Map<String, Value>,
        place: Place<'_>,
    ) -> Value {
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
                .map(|value| self.decode_at(codec, value, place.at(Name::Key(name))))
        });
        values.collect()
    }

    /// The map that the pairs make, or the pairs if they make none.
    fn decode_pairs(
        &mut self,
        (key, value): (&Codec, &Codec),
        pairs: Vec<Value>,
        place: Place<'_>,
    ) -> Result<Map<String, Value>, Vec<Value>> {
        let mut map = Map::new();
        for (at, pair) in pairs.iter().enumerate() {
            let place_of = place.at(Name::Index(at));
            let entry = pair.as_object().and_then(entry);
            let name = entry.map(|(name, _)| self.decode_at(key, Value::from(name), place_of));
            let (Some((_, inner)), Some(Value::String(name))) = (entry, name) else {
                self.note(place_of, Code::Type, NO_PAIR.to_owned(), PAIR.to_owned());
                return Err(pairs);
            };
            // Each pair has made one, so that it stands where the first does.
            if map.contains_key(&name) {
                let first = map.keys().position(|known| *known == name);
                let first = first.unwrap_or_default();
                // Not which: it may be a secret.
                let found = format!("the same key at {first} and at {at}");
                self.note(place, Code::Twice, found, "each key once".to_owned());
                return Err(pairs);
            }
            let inner = self.decode_at(value, inner.clone(), place_of.at(Name::Key("value")));
            map.insert(name, inner);
        }
        Ok(map)
    }

    fn decode_object(
        &mut self,
        fields: &[Slot],
        rest: Option<&Rest>,
        object: Map<String, Value>,
        place: Place<'_>,
    ) -> Value {
        let mut decoded = Map::new();
        let mut further = Map::new();
        for (key, value) in object {
            let place = place.at(Name::Key(&key));
            if let Some(slot) = fields.iter().find(|slot| slot.name == key) {
                if !(value.is_null() && matches!(slot.gap, Gap::Absent | Gap::Null)) {
                    let value = self.decode_at(&slot.codec, value, place);
                    decoded.insert(key, value);
                }
                continue;
            }
            match rest {
                Some(rest) if rest.listed.as_ref() == Some(&key) => {
                    match self.decode_further(fields, rest, value, place) {
                        Ok(map) => further.extend(map),
                        Err(value) => drop(further.insert(key, value)),
                    }
                }
                Some(rest) if rest.listed.is_none() => {
                    let value = self.decode_at(&rest.value, value, place);
                    decoded.insert(key, value);
                }
                _ => drop(decoded.insert(key, value)),
            }
        }
        decoded.extend(further);
        Value::Object(decoded)
    }

    /// The entries that are listed, or what is there if it lists none: that would be taken for an entry itself, where entries may be
    /// anything.
    fn decode_further(
        &mut self,
        fields: &[Slot],
        rest: &Rest,
        value: Value,
        place: Place<'_>,
    ) -> Result<Map<String, Value>, Value> {
        let Value::Array(pairs) = value else {
            let allowed = format!("a list of such: {PAIR}");
            self.note(place, Code::Type, NO_PAIR.to_owned(), allowed);
            return Err(value);
        };
        let map = self
            .decode_pairs((&rest.key, &rest.value), pairs, place)
            .map_err(Value::Array)?;
        // A key that is already there would hide a param.
        if let Some(slot) = fields.iter().find(|slot| map.contains_key(&slot.name)) {
            let found = format!("the key {:?}", slot.name);
            let allowed = "keys that are no params of their own".to_owned();
            self.note(place, Code::Twice, found, allowed);
            return Err(Value::Object(map));
        }
        Ok(map)
    }

    fn note(&mut self, place: Place<'_>, code: Code, found: String, allowed: String) {
        self.found.push(Violation {
            pointer: place.to_string(),
            code,
            found,
            allowed,
            hint: None,
        });
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
