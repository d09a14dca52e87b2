//! Unions: what an enum becomes, and the null of an `Option`.

use serde_json::{Map, Value};

use super::{Reader, about, join};
use crate::tool::shape::{Arm, Kind, Literal, Node};

impl Reader<'_> {
    /// An `anyOf` or `oneOf`, perhaps beside the fields all its arms share.
    pub(super) fn union(
        &mut self,
        schema: &Map<String, Value>,
        keyword: &str,
        exclusive: bool,
        field: &str,
        depth: usize,
    ) -> Node {
        let mut outer = schema.clone();
        let arms = match outer.remove(keyword) {
            Some(Value::Array(arms)) => arms,
            _ => Vec::new(),
        };
        let said = about(schema);
        for key in super::ABOUT {
            outer.remove(*key);
        }
        outer.retain(|key, _| !key.starts_with("x-"));
        let mut nullable = false;
        let mut nodes = Vec::new();
        for arm in &arms {
            if arm.get("type") == Some(&Value::from("null")) {
                nullable = true;
                continue;
            }
            let Some(schema) = self.with_shared(arm, &outer, field) else {
                continue;
            };
            let node = self.node(&schema, field, depth + 1);
            nodes.push(Arm { node, schema });
        }
        if let Some(literals) = words(&nodes) {
            let nullable = nullable || nodes.iter().any(|arm| arm.node.nullable);
            return Node {
                about: said,
                nullable,
                kind: Kind::Literals(literals),
            };
        }
        if nodes.len() == 1
            && let Some(Arm { node, .. }) = nodes.pop()
        {
            return within(said, nullable, node);
        }
        if nodes.is_empty() {
            return Node {
                about: said,
                nullable,
                kind: Kind::Null,
            };
        }
        Node {
            about: said,
            nullable,
            kind: Kind::Union {
                arms: nodes,
                exclusive,
            },
        }
    }

    /// One arm with the constraints that stand beside the union.
    fn with_shared(
        &mut self,
        arm: &Value,
        outer: &Map<String, Value>,
        field: &str,
    ) -> Option<Value> {
        if outer.is_empty() {
            return Some(arm.clone());
        }
        let mut arm = arm.as_object()?.clone();
        let target = arm
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|name| name.strip_prefix("#/$defs/"));
        if let Some(definition) = target
            .and_then(|name| self.document["$defs"].get(name))
            .cloned()
        {
            arm.remove("$ref");
            arm = self.merged(&definition, &arm, field)?;
        }
        let mut shared = outer.clone();
        for key in ["properties", "required"] {
            match (shared.remove(key), arm.get_mut(key)) {
                (Some(Value::Object(more)), Some(Value::Object(own))) => own.extend(more),
                (Some(Value::Array(more)), Some(Value::Array(own))) => own.extend(more),
                (Some(more), None) => {
                    arm.insert(key.to_owned(), more);
                }
                _ => {}
            }
        }
        if shared.contains_key("properties") || arm.contains_key("properties") {
            arm.remove("additionalProperties");
        }
        self.merged(&Value::Object(arm), &shared, field)
            .map(Value::Object)
    }

    /// A node of several types.
    pub(super) fn types(
        &mut self,
        schema: &Map<String, Value>,
        names: &[Value],
        field: &str,
        depth: usize,
    ) -> Node {
        let one = |name: &Value| {
            let mut arm = schema.clone();
            for key in super::ABOUT {
                arm.remove(*key);
            }
            arm.insert("type".to_owned(), name.clone());
            Value::Object(arm)
        };
        let mut outer = schema.clone();
        outer.retain(|key, _| super::ABOUT.contains(&key.as_str()) || key.starts_with("x-"));
        outer.insert("anyOf".to_owned(), names.iter().map(one).collect());
        self.node(&Value::Object(outer), field, depth + 1)
    }
}

/// The values of a union of plain strings, with what each one means.
fn words(arms: &[Arm]) -> Option<Vec<Literal>> {
    let mut words = Vec::new();
    for arm in arms {
        let Kind::Literals(literals) = &arm.node.kind else {
            return None;
        };
        for literal in literals {
            let meaning = join(&arm.node.about.description, &literal.meaning);
            let meaning = if literals.len() == 1 {
                meaning
            } else {
                literal.meaning.clone()
            };
            words.push(Literal {
                value: literal.value.clone(),
                meaning,
            });
        }
        if literals.len() > 1 && !arm.node.about.description.is_empty() {
            return None;
        }
    }
    (!words.is_empty()).then_some(words)
}

/// The only arm of a union in the union's place.
fn within(said: super::About, nullable: bool, mut node: Node) -> Node {
    node.nullable |= nullable;
    node.about.description = join(&said.description, &node.about.description);
    node.about.default = said.default.or(node.about.default);
    if !said.examples.is_empty() {
        node.about.examples = said.examples;
    }
    node.about.deprecated |= said.deprecated;
    node.about.secret |= said.secret;
    node
}
