//! Faults of known kinds at known places, found by walking a valid value along its schema.

use enact::params::Code;
use regex::Regex;
use serde_json::{Map, Value, json};

/// One thing to do to a value.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Puts another value at a place.
    Set(String, Value),
    /// Adds a member to the object at a place.
    Put(String, String, Value),
    /// Takes a member from the object at a place.
    Drop(String, String),
}

/// A change, and what is to be said of it.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) change: Change,
    pub(crate) code: Code,
    /// Where it is to be reported.
    pub(crate) pointer: String,
    /// Where it comes among faults of one place: in the order of the schema.
    pub(crate) rank: usize,
    /// The places that it touches; no other fault may lie in one of them.
    pub(crate) touches: Vec<String>,
}

/// Finds every fault that can be planted in a value.
pub(crate) struct Planter<'s> {
    root: &'s Value,
    faults: Vec<Fault>,
}

impl<'s> Planter<'s> {
    /// The faults that a valid value can be given.
    pub(crate) fn faults(root: &'s Value, value: &Value) -> Vec<Fault> {
        let mut planter = Self {
            root,
            faults: Vec::new(),
        };
        planter.node(root, value, "");
        planter.faults
    }

    fn add(&mut self, change: Change, code: Code, pointer: String, touches: Vec<String>) {
        let rank = self.faults.len();
        self.faults.push(Fault {
            change,
            code,
            pointer,
            rank,
            touches,
        });
    }

    pub(crate) fn set(&mut self, pointer: &str, value: Value, code: Code) {
        let pointer = pointer.to_owned();
        self.add(
            Change::Set(pointer.clone(), value),
            code,
            pointer.clone(),
            vec![pointer],
        );
    }

    fn put(&mut self, pointer: &str, key: &str, value: Value, code: Code) {
        let place = format!("{pointer}/{key}");
        let change = Change::Put(pointer.to_owned(), key.to_owned(), value);
        self.add(change, code, place.clone(), vec![place]);
    }

    fn node(&mut self, schema: &'s Value, value: &Value, pointer: &str) {
        let Some(map) = schema.as_object() else {
            return;
        };
        if map.contains_key("x-any") {
            return;
        }
        if let Some(path) = map.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(&path[1..]).expect("the schema is whole");
            self.node(target, value, pointer);
            return;
        }
        let arms = map
            .get("oneOf")
            .or_else(|| map.get("anyOf"))
            .and_then(Value::as_array);
        match arms {
            Some(arms) => self.choice(map, arms, value, pointer),
            None => self.typed(map, value, pointer),
        }
    }

    /// An optional value, an enum with names, or an enum without.
    fn choice(
        &mut self,
        map: &'s Map<String, Value>,
        arms: &'s [Value],
        value: &Value,
        pointer: &str,
    ) {
        if arms.iter().any(|arm| *arm == json!({ "type": "null" })) {
            let arm = arms
                .iter()
                .find(|arm| arm["type"] != "null" && !value.is_null());
            if let Some(arm) = arm {
                self.node(arm, value, pointer);
            }
            return;
        }
        if map.contains_key("anyOf") {
            // Without a name there is no telling which variant was meant.
            return;
        }
        match value {
            Value::String(_) => self.set(pointer, "no such name".into(), Code::Variant),
            Value::Object(members) => {
                let tag = arms.iter().find_map(|arm| {
                    tag_of(arm)
                        .filter(|(tag, name)| members.get(*tag) == Some(*name))
                        .map(|(tag, _)| (tag, arm))
                });
                match tag {
                    Some((tag, arm)) => self.tagged(map, tag, arm, members, pointer),
                    None => self.keyed(arms, members, pointer),
                }
            }
            _ => {}
        }
    }

    fn tagged(
        &mut self,
        map: &'s Map<String, Value>,
        tag: &str,
        arm: &'s Value,
        members: &Map<String, Value>,
        pointer: &str,
    ) {
        let place = format!("{pointer}/{tag}");
        let whole = vec![pointer.to_owned()];
        let other = Change::Set(place.clone(), "no such tag".into());
        let none = Change::Drop(pointer.to_owned(), tag.to_owned());
        for (change, code) in [(other, Code::Variant), (none, Code::Required)] {
            self.add(change, code, place.clone(), whole.clone());
        }
        if map.contains_key("properties") {
            self.members(map, members, pointer);
        }
        if let Some(arm) = arm.as_object() {
            self.members(arm, members, pointer);
        }
        let closed = |map: &Map<String, Value>| {
            map.get("additionalProperties")
                .or_else(|| map.get("unevaluatedProperties"))
                == Some(&json!(false))
        };
        if closed(map) || arm.as_object().is_some_and(closed) {
            self.put(pointer, "zz_unknown", json!([1]), Code::Unknown);
        }
    }

    fn keyed(&mut self, arms: &'s [Value], members: &Map<String, Value>, pointer: &str) {
        let Some((name, inner)) = members.iter().next() else {
            return;
        };
        if let Some(arm) = arms.iter().find_map(|arm| arm["properties"].get(name)) {
            self.node(arm, inner, &format!("{pointer}/{name}"));
            self.put(pointer, "zz_unknown", json!({}), Code::Unknown);
            let units = arms.iter().any(|arm| arm["type"] == "string");
            let code = if units { Code::Variant } else { Code::Type };
            self.set(pointer, json!("no such name"), code);
        }
    }

    fn typed(&mut self, map: &'s Map<String, Value>, value: &Value, pointer: &str) {
        let kinds = map.get("type").map(Value::to_string).unwrap_or_default();
        let wrong = [
            ("boolean", json!(true)),
            ("string", json!("so")),
            ("object", json!({ "so": 1 })),
            ("array", json!([null])),
        ];
        let at = pointer.len() % wrong.len();
        let mut wrong = wrong.iter().cycle().skip(at).take(wrong.len());
        if let Some((_, wrong)) = wrong.find(|(kind, _)| !kinds.contains(kind)) {
            self.set(pointer, wrong.clone(), Code::Type);
        }
        match value {
            Value::Number(_) => self.number(map, pointer),
            Value::String(_) => self.text(map, pointer),
            Value::Array(items) => self.list(map, items, pointer),
            Value::Object(members) => self.record(map, members, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn list(&mut self, map: &'s Map<String, Value>, items: &[Value], pointer: &str) {
        let whole = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let length = items.len() as u64;
        if whole("minItems").is_some_and(|least| least > 0 && length > 0 && length == least) {
            self.set(pointer, items[..items.len() - 1].to_vec().into(), Code::Len);
        }
        let unique = map.contains_key("uniqueItems");
        if let (Some(most), Some(last), false) = (whole("maxItems"), items.last(), unique) {
            let mut longer = items.to_vec();
            while longer.len() as u64 <= most {
                longer.push(last.clone());
            }
            if !map.contains_key("prefixItems") {
                self.set(pointer, longer.into(), Code::Len);
            }
        }
        if unique {
            // Faults in items that must differ could make them alike.
            let room = whole("maxItems").is_none_or(|most| length < most);
            if let (Some(first), true) = (items.first(), room) {
                let twice: Vec<Value> = items.iter().chain([first]).cloned().collect();
                self.set(pointer, twice.into(), Code::Unique);
            }
            return;
        }
        let first = map.get("prefixItems").and_then(Value::as_array);
        for (index, item) in items.iter().enumerate() {
            let own = first.and_then(|first| first.get(index));
            if let Some(schema) = own.or_else(|| map.get("items")) {
                self.node(schema, item, &format!("{pointer}/{index}"));
            }
        }
    }

    fn record(&mut self, map: &'s Map<String, Value>, members: &Map<String, Value>, pointer: &str) {
        self.members(map, members, pointer);
        if map.get("additionalProperties") == Some(&json!(false)) {
            self.put(pointer, "zz_unknown", json!("hidden"), Code::Unknown);
            self.put(pointer, "yy_unknown", json!(null), Code::Unknown);
        }
        let Some(each) = map
            .get("additionalProperties")
            .filter(|each| each.is_object())
        else {
            return;
        };
        let known = |key: &str| {
            map.get("properties")
                .is_some_and(|all| all.get(key).is_some())
        };
        for (key, value) in members.iter().filter(|(key, _)| !known(key)) {
            if !key.contains(['/', '~']) && map.get("writeOnly").is_none() {
                self.node(each, value, &format!("{pointer}/{key}"));
            }
        }
        let room = map.get("maxProperties").and_then(Value::as_u64);
        let room = room.is_none_or(|most| (members.len() as u64) < most);
        let names = map
            .get("propertyNames")
            .and_then(|names| names.get("pattern"))
            .and_then(Value::as_str);
        let odd = names.is_some_and(|names| !Regex::new(names).expect("as above").is_match("ZZ"));
        let plain = map
            .get("propertyNames")
            .is_none_or(|names| names.get("format").is_none());
        let shown = map.get("writeOnly").is_none();
        if let Some(value) = members
            .values()
            .next()
            .filter(|_| room && odd && plain && shown)
        {
            self.put(pointer, "ZZ", value.clone(), Code::Pattern);
        }
    }

    /// What can be done to the named members of an object.
    fn members(
        &mut self,
        map: &'s Map<String, Value>,
        members: &Map<String, Value>,
        pointer: &str,
    ) {
        let properties = map.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            if let Some(value) = members.get(name).filter(|_| schema.get("const").is_none()) {
                self.node(schema, value, &format!("{pointer}/{name}"));
            }
            if schema.get("x-alias").is_some() || schema.get("const").is_some() {
                continue;
            }
            let spellings: Vec<&String> = properties
                .into_iter()
                .flatten()
                .filter(|(other, it)| {
                    *other == name || it.get("x-alias").is_some_and(|of| of == name)
                })
                .map(|(other, _)| other)
                .collect();
            let Some(given) = spellings.iter().find(|other| members.contains_key(**other)) else {
                continue;
            };
            let touches: Vec<String> = spellings
                .iter()
                .map(|it| format!("{pointer}/{it}"))
                .collect();
            if is_required(map, name) {
                let change = Change::Drop(pointer.to_owned(), (*given).clone());
                let place = format!("{pointer}/{name}");
                self.add(change, Code::Required, place, touches.clone());
            }
            if let Some(other) = spellings.iter().find(|other| *other != given) {
                let member = members[*given].clone();
                let change = Change::Put(pointer.to_owned(), (*other).clone(), member);
                self.add(change, Code::Twice, format!("{pointer}/{other}"), touches);
            }
        }
    }
}

fn is_required(map: &Map<String, Value>, name: &str) -> bool {
    let parts = map
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let names = map
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    parts
        .filter_map(|part| part.get("x-alias"))
        .chain(names)
        .any(|it| it == name)
}

/// The key and the constant that name the variant.
fn tag_of(arm: &Value) -> Option<(&String, &Value)> {
    let properties = arm["properties"].as_object()?;
    properties
        .iter()
        .find_map(|(name, property)| Some((name, property.get("const")?)))
}
