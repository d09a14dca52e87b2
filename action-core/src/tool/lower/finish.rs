//! What goes around a schema: null, default and examples, the description.

use serde_json::{Map, Value, json};

use super::Lower;
use crate::tool::codec::Codec;
use crate::tool::describe;
use crate::tool::read::join;
use crate::tool::rules::{Literals, Null, Refs, Unions};
use crate::tool::shape::About;

impl Lower<'_> {
    /// What is said about a value, as keywords where they exist and in words where not.
    pub(super) fn say(
        &self,
        about: &About,
        codec: &Codec,
        schema: &mut Map<String, Value>,
        texts: &mut Vec<String>,
    ) {
        let rules = self.rules;
        let written = |value: &Value| self.known.encode_part(codec, value.clone());
        if let Some(default) = about.default.as_ref().filter(|default| !default.is_null()) {
            if rules.takes_keyword("default") {
                schema.insert("default".to_owned(), default.clone());
            } else {
                texts.push(describe::default(&written(default)));
            }
        }
        if !about.examples.is_empty() {
            if rules.takes_keyword("examples") {
                schema.insert("examples".to_owned(), Value::from(about.examples.clone()));
            } else {
                let examples: Vec<_> = about.examples.iter().map(written).collect();
                texts.push(describe::examples(&examples));
            }
        }
        for (flag, keyword, word) in [
            (about.deprecated, "deprecated", "Deprecated."),
            (about.secret, "writeOnly", "Secret."),
        ] {
            if flag && rules.takes_keyword(keyword) {
                schema.insert(keyword.to_owned(), Value::Bool(true));
            } else if flag {
                texts.push(word.to_owned());
            }
        }
    }

    /// The schema, or null.
    pub(super) fn nullable(&self, mut schema: Map<String, Value>) -> Map<String, Value> {
        let scalar = schema
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|name| !matches!(name, "object" | "array" | "null"));
        if let Some(Value::Array(arms)) = schema.get_mut("anyOf") {
            match self.rules.null {
                Null::Types | Null::Arm => arms.push(json!({"type": "null"})),
                Null::Keyword => {
                    if let Some(Value::Object(first)) = arms.first_mut() {
                        *first = self.nullable(std::mem::take(first));
                    }
                }
            }
            return schema;
        }
        match self.rules.null {
            Null::Keyword => {
                schema.insert("nullable".to_owned(), Value::Bool(true));
                schema
            }
            Null::Types if scalar && !schema.contains_key("const") => {
                let name = schema.get("type").cloned().unwrap_or_default();
                schema.insert("type".to_owned(), json!([name, "null"]));
                if let Some(Value::Array(values)) = schema.get_mut("enum") {
                    values.push(Value::Null);
                }
                schema
            }
            _ if self.rules.literals == Literals::Untyped && schema.contains_key("enum") => {
                if let Some(Value::Array(values)) = schema.get_mut("enum") {
                    values.push(Value::Null);
                }
                schema
            }
            _ if schema.contains_key("oneOf") => {
                if let Some(Value::Array(arms)) = schema.get_mut("oneOf") {
                    arms.push(json!({"type": "null"}));
                }
                schema
            }
            _ => Map::from_iter([("anyOf".to_owned(), json!([schema, {"type": "null"}]))]),
        }
    }

    /// The schema with its description where the vendor lets it stand.
    pub(super) fn described(
        &self,
        mut schema: Map<String, Value>,
        text: &str,
    ) -> Map<String, Value> {
        if text.is_empty() {
            return schema;
        }
        if self.rules.unions == Unions::AnyOfAlone
            && let Some(Value::Array(arms)) = schema.get_mut("anyOf")
        {
            for arm in arms {
                if let Value::Object(inner) = arm.take() {
                    *arm = Value::Object(self.described(inner, text));
                }
            }
            return schema;
        }
        if self.rules.refs == Refs::Alone && schema.contains_key("$ref") {
            schema = Map::from_iter([("anyOf".to_owned(), json!([schema]))]);
        }
        let own = schema.shift_remove("description");
        let own = own.as_ref().and_then(Value::as_str).unwrap_or_default();
        let mut described =
            Map::from_iter([("description".to_owned(), Value::from(join(text, own)))]);
        described.extend(schema);
        described
    }
}
