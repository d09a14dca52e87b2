//! Only what the vendor accepts, by whitelists of its own.

use serde_json::{Map, Value};

use super::{inner, shapes};
use crate::spec::Effect;
use crate::tool::{Dialect, Options, Source, build};

/// Calls `check` for each schema within a schema, with the schema's path.
fn walk(schema: &Value, path: &str, check: &impl Fn(&Map<String, Value>, &str)) {
    let node = schema
        .as_object()
        .unwrap_or_else(|| unreachable!("{path} is no object"));
    check(node, path);
    for (key, child) in node {
        let path = format!("{path}/{key}");
        match key.as_str() {
            "properties" | "$defs" => {
                for (name, child) in child.as_object().into_iter().flatten() {
                    walk(child, &format!("{path}/{name}"), check);
                }
            }
            "anyOf" | "oneOf" | "prefixItems" => {
                for child in child.as_array().into_iter().flatten() {
                    walk(child, &path, check);
                }
            }
            "additionalProperties" if child.is_object() => walk(child, &path, check),
            "items" | "propertyNames" => walk(child, &path, check),
            _ => {}
        }
    }
}

fn check(dialect: Dialect, rule: impl Fn(&Map<String, Value>, &str)) {
    for (name, schema) in shapes::all() {
        let source = Source::new("act", "Acts.", &schema, Effect::Write);
        match build(dialect, Options::default(), &source) {
            Ok(tool) if !inner(&tool).is_null() => walk(inner(&tool), name, &rule),
            Ok(tool) => assert_eq!(tool.json().as_object().map(Map::len), Some(2), "{name}"),
            Err(error) => assert!(shapes::is_refused(name, dialect), "{name}: {error}"),
        }
    }
}

#[track_caller]
fn only(node: &Map<String, Value>, keywords: &[&str], path: &str) {
    for key in node.keys() {
        assert!(keywords.contains(&key.as_str()), "{path}: `{key}`");
    }
}

fn names(node: &Map<String, Value>) -> Vec<&str> {
    let properties = node.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}

#[test]
fn openai_is_strict() {
    #[rustfmt::skip]
    let keywords = ["$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum",
        "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maximum",
        "minItems", "minimum", "multipleOf", "pattern", "properties", "required", "type"];
    for dialect in [Dialect::OpenAi, Dialect::OpenAiResponses] {
        check(dialect, |node, path| {
            only(node, &keywords, path);
            if node.get("type").is_some_and(|name| name == "object") {
                assert_eq!(
                    node.get("additionalProperties"),
                    Some(&Value::Bool(false)),
                    "{path}"
                );
                assert_eq!(
                    node.get("required"),
                    Some(&Value::from(names(node))),
                    "{path}"
                );
            }
            assert!(!node.contains_key("$ref") || node.len() == 1, "{path}");
            assert!(node.get("type") != Some(&Value::from("array")) || node.contains_key("items"));
            assert!(node.get("format") != Some(&Value::from("uri")), "{path}");
            assert!(
                ["type", "anyOf", "$ref"]
                    .iter()
                    .any(|key| node.contains_key(*key)),
                "{path}"
            );
        });
    }
}

#[test]
fn anthropic_is_a_fixpoint_of_its_own_transformer() {
    #[rustfmt::skip]
    let keywords = ["additionalProperties", "anyOf", "description", "enum", "format", "items",
        "minItems", "properties", "required", "type"];
    check(Dialect::Anthropic, |node, path| {
        only(node, &keywords, path);
        let kinds = ["type", "enum", "anyOf"]
            .iter()
            .filter(|key| node.contains_key(**key));
        assert_eq!(kinds.count(), 1, "{path}");
        assert!(node.get("type").is_none_or(Value::is_string), "{path}");
        assert!(
            node.get("minItems")
                .is_none_or(|least| *least == 0 || *least == 1),
            "{path}"
        );
        if node.get("type").is_some_and(|name| name == "object") {
            assert_eq!(
                node.get("additionalProperties"),
                Some(&Value::Bool(false)),
                "{path}"
            );
            assert!(node.contains_key("properties"), "{path}");
        }
    });
}

#[test]
fn gemini_has_json_schema_without_const_and_formats() {
    #[rustfmt::skip]
    let keywords = ["$defs", "$ref", "additionalProperties", "anyOf", "description", "enum", "items",
        "maxItems", "maximum", "minItems", "minimum", "prefixItems", "properties", "required",
        "type"];
    check(Dialect::Gemini, |node, path| {
        only(node, &keywords, path);
        assert!(node.get("type").is_none_or(Value::is_string), "{path}");
        if node.contains_key("$ref") {
            only(node, &["$ref", "description"], path);
        }
        let plain = |value: &Value| value.is_string() || value.is_number();
        let values = node.get("enum").and_then(Value::as_array);
        assert!(
            values.is_none_or(|values| values.iter().all(plain)),
            "{path}"
        );
    });
}

#[test]
fn gemini_openapi_has_one_type_and_lonely_unions() {
    #[rustfmt::skip]
    let keywords = ["anyOf", "description", "enum", "items", "maxItems", "maxLength", "maximum",
        "minItems", "minLength", "minimum", "nullable", "pattern", "properties", "required",
        "type"];
    check(Dialect::GeminiOpenApi, |node, path| {
        only(node, &keywords, path);
        if node.contains_key("anyOf") {
            assert_eq!(node.len(), 1, "{path}");
        } else {
            assert!(node.get("type").is_some_and(Value::is_string), "{path}");
        }
        if node.get("type").is_some_and(|name| name == "object") {
            assert!(!names(node).is_empty(), "{path}");
        }
        let values = node.get("enum").and_then(Value::as_array);
        assert!(
            values.is_none_or(|values| values.iter().all(Value::is_string)),
            "{path}"
        );
    });
}

#[test]
fn mcp_has_neither_type_unions_nor_bare_schemas() {
    check(Dialect::Mcp, |node, path| {
        assert!(node.get("type").is_none_or(Value::is_string), "{path}");
        let typed = ["type", "anyOf", "oneOf", "$ref"]
            .iter()
            .any(|key| node.contains_key(*key));
        assert!(typed, "{path}");
        assert!(
            node.keys()
                .all(|key| !key.starts_with("x-") && key != "$schema"),
            "{path}"
        );
        assert_ne!(
            node.get("additionalProperties"),
            Some(&Value::Bool(true)),
            "{path}"
        );
    });
}

#[test]
fn an_output_says_its_formats_in_words_and_its_aliases_not_at_all() {
    // What clients hold answers against: ajv refuses `ada@localhost`, and whoever writes uses one name.
    let schema = super::params(&serde_json::json!({}));
    let output = serde_json::json!({
        "type": "object",
        "properties": {
            "mail": {"type": "string", "format": "email", "pattern": "@example", "allOf": [{"pattern": enact_grammar::format::Format::Email.pattern()}]},
            "city": {"type": "string"},
            "town": {"type": "string", "x-alias": "city"},
        },
        "dependentSchemas": {"town": {"properties": {"city": false}}},
        "required": ["mail"],
        "unevaluatedProperties": false,
    });
    let source = Source::new("act", "Acts.", &schema, Effect::Read).output(&output);
    let tool = build(Dialect::Mcp, Options::default(), &source).expect("it is plain");
    let told = &tool.json()["outputSchema"];
    assert_eq!(told["properties"]["mail"]["pattern"], "@example");
    assert_eq!(told["properties"]["mail"].get("format"), None);
    let words = told["properties"]["mail"]["description"]
        .as_str()
        .unwrap_or_default();
    assert!(words.contains("e-mail"), "{told}");
    assert_eq!(told["properties"].get("town"), None);
}

#[test]
fn mcp_describes_an_output_only_if_it_is_an_object() {
    let (schema, list) = (
        super::params(&serde_json::json!({})),
        serde_json::json!({"type": "array"}),
    );
    let output = super::params(&serde_json::json!({"note?": {"type": ["string", "null"]}}));
    let source = Source::new("act", "Acts.", &schema, Effect::Idempotent).title("Act");
    let json = |source: Source<'_>| {
        let tool = build(Dialect::Mcp, Options::default(), &source).expect("it is plain");
        tool.json().clone()
    };
    assert_eq!(json(source.output(&list)).get("outputSchema"), None);
    assert_eq!(
        json(source.output(&output)),
        serde_json::json!({
            "name": "act",
            "title": "Act",
            "description": "Acts.",
            "inputSchema": {"type": "object", "properties": {}, "additionalProperties": false},
            "outputSchema": {
                "type": "object",
                "properties": {"note": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                "additionalProperties": false,
            },
            "annotations": {
                "title": "Act",
                "readOnlyHint": false,
                "destructiveHint": true,
                "idempotentHint": true,
                "openWorldHint": true,
            },
        }),
    );
}
