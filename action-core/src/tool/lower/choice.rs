//! Enums and unions.

use serde_json::{Map, Value, json};

use super::{Lower, Piece};
use crate::tool::codec::{self, Codec};
use crate::tool::rules::{Literals, Unions};
use crate::tool::shape::{Arm, Literal};

impl Lower<'_> {
    #[expect(
        clippy::too_many_lines,
        reason = "one branch for each way a vendor takes constants"
    )]
    pub(super) fn literals(&mut self, literals: &[Literal], field: &str) -> Piece {
        let mut values: Vec<Value> = literals
            .iter()
            .map(|literal| literal.value.clone())
            .collect();
        let mut codec = Codec::Same;
        let one_type = values
            .iter()
            .all(|value| type_of(value) == type_of(&values[0]));
        let as_texts = match self.rules.literals {
            Literals::Texts => !values.iter().all(Value::is_string),
            Literals::Enum => !one_type || values[0].is_boolean(),
            Literals::Typed | Literals::Untyped => false,
        };
        if as_texts {
            let pairs: Vec<_> = values
                .iter()
                .map(|value| (text(value), value.clone()))
                .collect();
            let alike = |(at, (one, _)): (usize, &(String, Value))| {
                pairs[at + 1..].iter().any(|(other, _)| one == other)
            };
            if pairs.iter().enumerate().any(alike) {
                let cure = "rename one of the values";
                self.fault(
                    field,
                    "enum",
                    "its values are texts there, and two would be one text",
                    cure,
                );
            }
            values = pairs
                .iter()
                .map(|(text, _)| Value::from(text.as_str()))
                .collect();
            codec = Codec::Texts(pairs);
        } else if self.rules.literals == Literals::Untyped {
            let words = values
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned));
            codec = Codec::Spelling(words.collect());
        }
        let mut piece = Piece::new(match self.rules.literals {
            Literals::Untyped => json!({"enum": values}),
            _ if as_texts || one_type => self.typed_literals(values),
            _ => {
                let mut groups: Vec<(&'static str, Vec<Value>)> = Vec::new();
                for value in values {
                    match groups.iter_mut().find(|(name, _)| *name == type_of(&value)) {
                        Some((_, group)) => group.push(value),
                        None => groups.push((type_of(&value), vec![value])),
                    }
                }
                let arms = groups
                    .into_iter()
                    .map(|(_, values)| self.typed_literals(values));
                json!({"anyOf": arms.collect::<Vec<_>>()})
            }
        });
        let meanings = literals
            .iter()
            .filter(|literal| !literal.meaning.is_empty());
        let meanings =
            meanings.map(|literal| format!("`{}`: {}", text(&literal.value), literal.meaning));
        let meanings: Vec<_> = meanings.collect();
        if !meanings.is_empty() {
            piece.notes.push(meanings.join("\n"));
        }
        piece.codec = codec;
        piece
    }

    fn typed_literals(&self, mut values: Vec<Value>) -> Value {
        let name = type_of(&values[0]);
        if values.len() == 1 && self.rules.takes_keyword("const") {
            return json!({"type": name, "const": values.remove(0)});
        }
        json!({"type": name, "enum": values})
    }

    pub(super) fn union(&mut self, arms: &[Arm], exclusive: bool, field: &str) -> Piece {
        let mut schemas = Vec::new();
        let mut codecs = Vec::new();
        for arm in arms {
            let null = self.null_arm(&arm.node, arm.node.nullable);
            let (schema, codec) = self.node(&arm.node, field, null);
            codecs.push(codec::Arm {
                canonical: arm.schema.clone(),
                vendor: schema.clone(),
                codec,
            });
            schemas.push(schema);
        }
        let keyword = if exclusive && self.rules.unions == Unions::AsRead {
            "oneOf"
        } else {
            "anyOf"
        };
        let union = Map::from_iter([(keyword.to_owned(), Value::Array(schemas))]);
        let mut piece = Piece::new(Value::Object(union));
        if codecs.iter().any(|arm| arm.codec != Codec::Same) {
            self.unions.push((field.to_owned(), codecs.clone()));
            piece.codec = Codec::Union(codecs);
        }
        piece
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
