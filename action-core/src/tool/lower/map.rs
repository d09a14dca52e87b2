//! Maps and tuples.

use serde_json::{Map, Value, json};

use super::{Lower, Piece};
use crate::tool::codec::{Codec, item};
use crate::tool::describe;
use crate::tool::read::below;
use crate::tool::rules::{Closing, Structures};
use crate::tool::shape::{Bound, Node, Object, Rest};

impl Lower<'_> {
    /// The list that stands for a map.
    pub(super) fn pairs(
        &mut self,
        key: Option<&Node>,
        value: &Node,
        field: &str,
    ) -> (Value, Codec, Codec) {
        let (key, key_codec) = match key {
            Some(key) => self.node(key, field, false),
            None => (json!({"type": "string"}), Codec::Same),
        };
        let null = self.null_arm(value, self.shape.takes_null(value));
        let (value, codec) = self.node(value, &below(field, "*"), null);
        let mut pair = json!({
            "type": "object",
            "properties": {"key": key, "value": value},
            "required": ["key", "value"],
        });
        if self.rules.closing != Closing::Never {
            pair["additionalProperties"] = Value::Bool(false);
        }
        (json!({"type": "array", "items": pair}), key_codec, codec)
    }

    pub(super) fn map(&mut self, object: &Object, field: &str) -> Piece {
        let Rest::Entries { key, value } = &object.rest else {
            return self.object(object, field);
        };
        if self.rules.structures == Structures::Rewritten {
            let (pairs, key, value) = self.pairs(key.as_deref(), value, field);
            let counts = object.bounds.iter().filter_map(|bound| match bound {
                Bound::MinProperties(count) => Some(Bound::MinItems(*count)),
                Bound::MaxProperties(count) => Some(Bound::MaxItems(*count)),
                _ => None,
            });
            let mut piece = self.bounded("array", &counts.collect::<Vec<_>>());
            piece.schema.extend(Piece::new(pairs).schema);
            piece.notes.insert(
                0,
                "A list of keys with their values, each key at most once.".to_owned(),
            );
            piece.codec = Codec::Map {
                key: Box::new(key),
                value: Box::new(value),
                listed: true,
            };
            return piece;
        }
        let mut piece = self.bounded("object", &object.bounds);
        let null = self.null_arm(value, self.shape.takes_null(value));
        let (value, codec) = self.node(value, &below(field, "*"), null);
        piece
            .schema
            .insert("additionalProperties".to_owned(), value);
        if let Some(key) = key {
            if self.rules.takes_keyword("propertyNames") {
                let (key, _) = self.node(key, field, false);
                piece.schema.insert("propertyNames".to_owned(), key);
            } else {
                piece.notes.extend(describe::keys(self.shape, key));
            }
        }
        if codec != Codec::Same {
            let (key, value) = (Box::new(Codec::Same), Box::new(codec));
            piece.codec = Codec::Map {
                key,
                value,
                listed: false,
            };
        }
        piece
    }

    pub(super) fn tuple(&mut self, items: &[Node], field: &str) -> Piece {
        let keyed = self.rules.structures == Structures::Rewritten;
        let mut schemas = Vec::new();
        let mut codecs = Vec::new();
        for (at, node) in items.iter().enumerate() {
            let null = self.null_arm(node, self.shape.takes_null(node));
            let (schema, codec) = self.node(node, &format!("{field}/{at}"), null);
            schemas.push(schema);
            codecs.push(codec);
        }
        let count = schemas.len();
        let mut piece = if keyed {
            let names: Vec<_> = (0..count).map(item).collect();
            let properties: Map<_, _> = names.iter().cloned().zip(schemas).collect();
            let mut object = json!({"type": "object", "properties": properties, "required": names});
            if self.rules.closing != Closing::Never {
                object["additionalProperties"] = Value::Bool(false);
            }
            Piece::new(object)
        } else {
            let edges = json!({"type": "array", "prefixItems": schemas,
                "minItems": count, "maxItems": count});
            Piece::new(edges)
        };
        if keyed || codecs.iter().any(|codec| *codec != Codec::Same) {
            piece.codec = Codec::Tuple {
                items: codecs,
                keyed,
            };
        }
        piece
    }
}
