//! The faults that a careless caller makes, one at a time.

use serde_json::{Map, Value};

use super::{Mill, strings};

impl Mill<'_> {
    /// The value with one thing wrong, as far as chance can tell.
    pub(super) fn spoiled(&mut self, value: Value, schema: &Value) -> Value {
        let target = schema.get("$ref").and_then(|path| self.definition(path));
        let schema = target.unwrap_or(schema);
        match self.dice.u8(..10) {
            0 => self.anything(3),
            1 => Value::Null,
            2 if self.dice.u8(..4) == 0 => self.nest(),
            3 => [value].into_iter().collect(),
            4 => Value::String(value.to_string()),
            _ => self.bent(value, schema),
        }
    }

    /// The value bent out of its shape.
    fn bent(&mut self, value: Value, schema: &Value) -> Value {
        let nothing = Map::new();
        match value {
            Value::Null => self.anything(4),
            Value::Bool(bool) => u8::from(bool).into(),
            Value::Number(number) => match self.dice.u8(..4) {
                0 => self.odd_number(),
                _ => self.neighbour(&number, schema.as_object().unwrap_or(&nothing)),
            },
            Value::String(text) => self.misspelt(&text).into(),
            Value::Array(items) => self.jumbled(items).into(),
            Value::Object(members) => self.mislaid(members, schema).into(),
        }
    }

    fn jumbled(&mut self, mut items: Vec<Value>) -> Vec<Value> {
        let at = self.dice.usize(..=items.len());
        match self.dice.u8(..5) {
            0 => drop(items.pop()),
            1 if at < items.len() => items.push(items[at].clone()),
            2 if at < items.len() => items[at] = Value::Null,
            3 => items.clear(),
            _ => items.insert(at, self.anything(3)),
        }
        items
    }

    fn mislaid(&mut self, mut members: Map<String, Value>, schema: &Value) -> Map<String, Value> {
        let keys: Vec<String> = members.keys().cloned().collect();
        let key = self.dice.choice(keys).unwrap_or_default();
        let properties = schema["properties"].as_object();
        let known = properties.and_then(|known| self.dice.choice(known.keys()));
        match self.dice.u8(..8) {
            0 => drop(members.shift_remove(&key)),
            1 => drop(members.insert(key, Value::Null)),
            2 => {
                let value = members.shift_remove(&key).unwrap_or_default();
                members.insert(self.misspelt(&key), value);
            }
            3 => {
                let value = members.get(&key).cloned().unwrap_or_default();
                members.insert(self.misspelt(&key), value);
            }
            4 => drop(members.insert(key, self.anything(3))),
            5 if known.is_some() => {
                // Perhaps another name of what is there already.
                let value = members.get(&key).cloned().unwrap_or_default();
                members.insert(known.cloned().unwrap_or_default(), value);
            }
            _ => drop(members.insert(strings::word(&mut self.dice), self.anything(3))),
        }
        members
    }
}
