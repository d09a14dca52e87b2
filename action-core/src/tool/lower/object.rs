//! Structs.

use serde_json::{Map, Value, json};

use super::{Lower, Piece};
use crate::tool::codec::{Codec, Gap, Rest as Further, Slot};
use crate::tool::describe;
use crate::tool::read::{below, join};
use crate::tool::rules::{Closing, Optional, Structures};
use crate::tool::shape::{Field, Kind, Node, Object, Rest};

/// The keys of a struct as they are written one by one.
#[derive(Default)]
struct Keys {
    properties: Map<String, Value>,
    required: Vec<Value>,
    slots: Vec<Slot>,
    rest: Option<Further>,
    /// The schema of keys without a name of their own.
    others: Option<Value>,
    notes: Vec<String>,
}

impl Keys {
    /// The codec, if the vendor's form is not the same.
    fn codec(self) -> Codec {
        let same = |slot: &Slot| slot.codec == Codec::Same && slot.gap == Gap::Itself;
        let further = |rest: &Further| rest.listed.is_some() || rest.value != Codec::Same;
        if self.slots.iter().all(same) && !self.rest.as_ref().is_some_and(further) {
            return Codec::Same;
        }
        Codec::Object {
            fields: self.slots,
            rest: self.rest.map(Box::new),
        }
    }
}

impl Lower<'_> {
    pub(super) fn object(&mut self, object: &Object, field: &str) -> Piece {
        let mut keys = Keys::default();
        for member in &object.fields {
            self.member(member, &below(field, &member.name), &mut keys);
        }
        if let Rest::Entries { key, value } = &object.rest {
            self.further(key.as_deref(), value, field, &mut keys);
        }
        if self.rules.closing == Closing::Never && keys.properties.is_empty() && !field.is_empty() {
            let why = "an object there has at least one key";
            let cure = "give it a param, or make it an `Option` or a bool";
            self.fault(field, "properties", why, cure);
        }
        let listed = keys.rest.as_ref().is_some_and(|rest| rest.listed.is_some());
        let taken = |bound: &&_| self.rules.takes(bound) && !listed;
        let (bounds, words): (Vec<_>, Vec<_>) = object.bounds.iter().partition(taken);
        let closing = match (self.rules.closing, keys.others.take(), &object.rest) {
            (Closing::Never, ..) | (Closing::AsRead, None, Rest::Open) => None,
            (_, Some(others), _) => Some(others),
            (Closing::Always | Closing::AsRead, None, _) => Some(json!(false)),
        };
        let mut piece = Piece::new(json!({"type": "object"}));
        let mut say = |keyword: &str, value| piece.schema.insert(keyword.to_owned(), value);
        say(
            "properties",
            Value::Object(std::mem::take(&mut keys.properties)),
        );
        if !keys.required.is_empty() || self.rules.optional == Optional::Null {
            say("required", Value::Array(std::mem::take(&mut keys.required)));
        }
        for bound in bounds {
            say(bound.keyword(), bound.value());
        }
        if let Some(closing) = closing {
            say("additionalProperties", closing);
        }
        piece.notes = std::mem::take(&mut keys.notes);
        piece.notes.extend(describe::bounds(&words));
        piece.codec = keys.codec();
        piece
    }

    fn member(&mut self, member: &Field, field: &str, keys: &mut Keys) {
        if let Some(rule) = self.rules.refuses_key(&member.name) {
            let cure = "rename it with `#[serde(rename = \"…\")]`";
            self.fault(field, "properties", rule, cure);
        }
        let (gap, null) = self.gap(member);
        let (mut schema, codec) = self.node(&member.node, field, null);
        let gap = match gap {
            Gap::Filled(default) => {
                let text = schema["description"].as_str().unwrap_or_default();
                let text = join(text, "Null means none, not the default.");
                schema["description"] = Value::from(text);
                Gap::Filled(self.known.encode_part(&codec, default))
            }
            gap => gap,
        };
        if member.required || self.rules.optional == Optional::Null {
            keys.required.push(Value::from(member.name.as_str()));
        }
        keys.properties.insert(member.name.clone(), schema);
        keys.slots.push(Slot {
            name: member.name.clone(),
            gap,
            codec,
        });
    }

    /// What stands for a field that is left out, and whether its schema needs a null.
    fn gap(&self, member: &Field) -> (Gap, bool) {
        let node = &member.node;
        let takes_null = self.shape.takes_null(node);
        let null = self.null_arm(node, takes_null);
        let own = match &node.about.default {
            Some(default) if !default.is_null() && takes_null => Some(default),
            _ => None,
        };
        let any = matches!(node.kind, Kind::Any);
        match (self.rules.optional, own) {
            _ if member.required => (Gap::Itself, null),
            (Optional::Null, _) if any => (Gap::Null, true),
            (Optional::Null, Some(default)) => (Gap::Filled(default.clone()), null),
            (Optional::Null, None) => (Gap::Null, true),
            (Optional::Absent, _) if any => (Gap::Itself, false),
            (Optional::Kept, _) | (Optional::Absent, Some(_)) => (Gap::Itself, null),
            (Optional::Absent, None) => (Gap::Absent, false),
        }
    }

    /// Further keys of a struct: under their own names, or listed under one more.
    fn further(&mut self, key: Option<&Node>, value: &Node, field: &str, keys: &mut Keys) {
        if self.rules.structures != Structures::Rewritten {
            let null = self.null_arm(value, self.shape.takes_null(value));
            let (schema, value) = self.node(value, &below(field, "*"), null);
            keys.notes
                .extend(key.and_then(|key| describe::keys(self.shape, key)));
            keys.others = Some(schema);
            keys.rest = Some(Further {
                listed: None,
                key: Codec::Same,
                value,
            });
            return;
        }
        let (mut pairs, key, value) = self.pairs(key, value, field);
        pairs["description"] = Value::from("Further keys, each at most once.");
        let mut name = "others".to_owned();
        while keys.properties.contains_key(&name) {
            name.push('_');
        }
        keys.required.push(Value::from(name.as_str()));
        keys.properties.insert(name.clone(), pairs);
        keys.rest = Some(Further {
            listed: Some(name),
            key,
            value,
        });
    }
}
