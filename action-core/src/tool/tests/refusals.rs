//! Each refusal, word for word.

use serde_json::{Value, json};

use super::{params, tool};
use crate::spec::Effect;
use crate::tool::{Dialect, Options, Source, build};

#[track_caller]
fn check(dialect: Dialect, properties: &Value, expected: &[&str]) {
    let error = tool(dialect, properties).expect_err("the vendor can't say it");
    let found: Vec<_> = error.refusals().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn anthropic_refuses_recursion() {
    let list = json!({"type": "object", "properties": {"next": {"$ref": "#/$defs/Link"}},
        "required": [], "additionalProperties": false});
    check(
        Dialect::Anthropic,
        &json!({"first": {"$ref": "#/$defs/Link"}, "$defs": {"Link": list}}),
        &[
            "action `act`, param `/first/next`: anthropic refuses `$ref`: `Link` contains itself; \
           limit the nesting with a type for each level, or take that part as text",
        ],
    );
}

#[test]
fn every_refusal_is_told() {
    check(
        Dialect::Gemini,
        &json!({"a.b": {"type": "string"}, "1st": {"type": "string"}, "ok": {"type": "string"}}),
        &[
            "action `act`, param `/a.b`: gemini refuses `properties`: a key is 1 to 64 letters, \
             digits or `_`, not starting with a digit; rename it with `#[serde(rename = \"…\")]`",
            "action `act`, param `/1st`: gemini refuses `properties`: a key is 1 to 64 letters, \
             digits or `_`, not starting with a digit; rename it with `#[serde(rename = \"…\")]`",
        ],
    );
    check(
        Dialect::Anthropic,
        &json!({"a b": {"type": "string"}}),
        &[
            "action `act`, param `/a b`: anthropic refuses `properties`: a key is 1 to 64 letters, \
           digits, `_`, `.` or `-`; rename it with `#[serde(rename = \"…\")]`",
        ],
    );
}

#[test]
fn gemini_openapi_refuses_an_empty_object() {
    check(
        Dialect::GeminiOpenApi,
        &json!({"marker": {"type": "object", "properties": {}, "additionalProperties": false}}),
        &[
            "action `act`, param `/marker`: gemini-openapi refuses `properties`: an object there has \
           at least one key; give it a param, or make it an `Option` or a bool",
        ],
    );
}

#[test]
fn variants_that_look_the_same_are_refused() {
    let map = |value: &str| json!({"type": "object", "additionalProperties": {"type": value}});
    let texts = json!({"type": "array", "items": {"type": "object",
        "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
        "required": ["key", "value"], "additionalProperties": false}});
    check(
        Dialect::OpenAi,
        &json!({"either": {"anyOf": [map("string"), texts]}}),
        &[
            "action `act`, param `/either`: openai refuses `anyOf`: two of its variants would look \
           the same there but mean different things; tag the enum, or give the variants different \
           keys",
        ],
    );
    // Both are pairs of keys and values, and read the same way.
    assert!(
        tool(
            Dialect::OpenAi,
            &json!({"either": {"anyOf": [map("string"), map("integer")]}})
        )
        .is_ok()
    );
}

#[test]
fn a_choice_at_the_root_is_refused() {
    let mut schema = params(&json!({}));
    schema["oneOf"] = json!([
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]},
    ]);
    let source = Source::new("act", "Acts.", &schema, Effect::Write);
    for dialect in Dialect::ALL {
        let error = build(dialect, Options::default(), &source).expect_err("it is no plain object");
        assert_eq!(
            error.to_string(),
            format!(
                "action `act`: {dialect} refuses `oneOf`: the params must be one object, not a choice \
                 between several; give the enum a param of its own instead of flattening it",
            ),
        );
    }
}

#[test]
fn unknown_keywords_are_refused() {
    check(
        Dialect::Mcp,
        &json!({"list": {"type": "array", "items": {"type": "string"}, "contains": {"const": "a"}}}),
        &[
            "action `act`, param `/list`: mcp refuses `contains`: no tool can say it; describe the \
           param with other constraints, or check it in code",
        ],
    );
    check(
        Dialect::Mcp,
        &json!({"lost": {"$ref": "#/$defs/Nothing"}}),
        &[
            "action `act`, param `/lost`: mcp refuses `$ref`: it leads nowhere; refer to `#/$defs/…` \
           of the same schema",
        ],
    );
    check(
        Dialect::Mcp,
        &json!({"never": false}),
        &[
            "action `act`, param `/never`: mcp refuses `false`: no value satisfies it; remove the param",
        ],
    );
}

#[test]
fn texts_of_an_enum_must_differ() {
    check(
        Dialect::GeminiOpenApi,
        &json!({"one": {"enum": ["1", 1]}}),
        &[
            "action `act`, param `/one`: gemini-openapi refuses `enum`: its values are texts there, \
           and two would be one text; rename one of the values",
        ],
    );
}

#[test]
fn names_follow_the_vendor() {
    let schema = params(&json!({}));
    let refused = |dialect, name: &str| {
        let source = Source::new(name, "Acts.", &schema, Effect::Read);
        build(dialect, Options::default(), &source).is_err()
    };
    for dialect in Dialect::ALL {
        assert!(!refused(dialect, "get_weather"));
        assert!(refused(dialect, "get weather"));
        assert!(refused(dialect, ""));
        assert!(refused(dialect, &"a".repeat(129)));
    }
    assert!(refused(Dialect::OpenAi, &"a".repeat(65)));
    assert!(refused(Dialect::OpenAi, "a.b"));
    assert!(refused(Dialect::Gemini, "1st"));
    assert!(!refused(Dialect::Mcp, "a.b"));
}

#[test]
fn schemas_of_any_depth_and_size_end() {
    let mut deep = json!({"type": "string"});
    for _ in 0..100 {
        deep = json!({"type": "array", "items": deep});
    }
    assert!(tool(Dialect::Mcp, &json!({"deep": deep})).is_err());
    let mut defs = json!({"L0": {"type": "string"}});
    for level in 1..40 {
        let below = json!({"$ref": format!("#/$defs/L{}", level - 1)});
        defs[format!("L{level}")] = json!({"type": "object", "properties": {"a": below, "b": below},
            "required": ["a", "b"], "additionalProperties": false});
    }
    let doubling = json!({"root": {"$ref": "#/$defs/L39"}, "$defs": defs});
    check(
        Dialect::Anthropic,
        &doubling,
        &[
            "action `act`: anthropic refuses `$ref`: its types are too large when written out in \
           place; make it smaller, or split the action",
        ],
    );
    assert!(tool(Dialect::Gemini, &doubling).is_ok());
}

#[test]
fn gemini_refuses_recursion_by_required_keys() {
    let link = |required: Value| {
        json!({"first": {"$ref": "#/$defs/Link"}, "$defs": {"Link": {"type": "object",
            "properties": {"next": {"type": "array", "items": {"$ref": "#/$defs/Link"}}},
            "required": required, "additionalProperties": false}}})
    };
    check(
        Dialect::Gemini,
        &link(json!(["next"])),
        &[
            "action `act`, param `/$defs/Link`: gemini refuses `$ref`: `Link` contains itself in a \
           key that is required; make the param that leads back to it optional",
        ],
    );
    assert!(tool(Dialect::Gemini, &link(json!([]))).is_ok());
}
