//! What the vendors' schemas and codecs say in detail.

use serde_json::{Value, json};

use super::{inner, shapes, tool};
use crate::spec::Effect;
use crate::tool::{Dialect, Options, Source, build};

#[track_caller]
fn check(dialect: Dialect, node: &Value, expected: &str) {
    let tool = tool(dialect, &json!({"it": node})).expect("the vendor can say it");
    assert_eq!(inner(&tool)["properties"]["it"]["description"], expected);
}

#[test]
fn what_has_no_keyword_is_said_in_words() {
    let text = |low: Option<u64>, high: Option<u64>| json!({"type": "string", "minLength": low, "maxLength": high});
    let openai = Dialect::OpenAi;
    check(openai, &text(Some(1), Some(80)), "1 to 80 characters.");
    check(openai, &text(Some(1), None), "At least 1 character.");
    check(openai, &text(None, Some(3)), "At most 3 characters.");
    check(openai, &text(Some(4), Some(4)), "Exactly 4 characters.");
    check(
        openai,
        &json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
        "No two items alike.",
    );
    check(
        openai,
        &json!({"type": "string", "default": "celsius"}),
        "Default: \"celsius\".",
    );
    check(
        openai,
        &json!({"type": "string", "pattern": "^(?!x)", "description": "No x"}),
        "No x. Matches the pattern `^(?!x)`.",
    );
    check(
        openai,
        &json!({"type": "string", "writeOnly": true, "deprecated": true}),
        "Deprecated. Secret.",
    );
    let anthropic = Dialect::Anthropic;
    check(
        anthropic,
        &json!({"type": "integer", "minimum": 1, "maximum": 9}),
        "From 1 to 9.",
    );
    check(
        anthropic,
        &json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
        "Greater than 0. Less than 1.",
    );
    check(
        anthropic,
        &json!({"type": "integer", "multipleOf": 5, "maximum": 50}),
        "At most 50. A multiple of 5.",
    );
    check(
        anthropic,
        &json!({"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 4}),
        "2 to 4 items.",
    );
    check(
        Dialect::Gemini,
        &json!({"type": "string", "format": "email", "examples": ["a@b.c", "d@e.f"]}),
        "An e-mail address. Examples: \"a@b.c\", \"d@e.f\".",
    );
    check(
        Dialect::Gemini,
        &json!({"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": {"minLength": 2}}),
        "Each key: At least 2 characters.",
    );
}

#[test]
fn a_default_is_told_in_the_vendors_form() {
    check(
        Dialect::Anthropic,
        &json!({"type": "object", "additionalProperties": {"type": "integer"}, "default": {"a": 1}}),
        "A list of keys with their values, each key at most once. Default: [{\"key\":\"a\",\"value\":1}].",
    );
}

#[test]
fn a_null_that_is_not_the_default_is_told() {
    let tool = tool(
        Dialect::OpenAi,
        &json!({"limit?": {"type": ["integer", "null"], "default": 5}}),
    )
    .expect("it is plain");
    assert_eq!(
        inner(&tool)["properties"]["limit"]["description"],
        "Default: 5. Null means none, not the default."
    );
    assert_eq!(tool.encode(json!({})), json!({"limit": 5}));
    assert_eq!(
        tool.decode(json!({"limit": null})),
        Ok(json!({"limit": null}))
    );
}

#[test]
fn a_union_of_gemini_openapi_is_described_in_its_arms() {
    let tool = tool(
        Dialect::GeminiOpenApi,
        &json!({"id": {"anyOf": [{"type": "string", "description": "A name"}, {"type": "integer"}], "description": "Who."}}),
    );
    let tool = tool.expect("it is a plain union");
    assert_eq!(
        inner(&tool)["properties"]["id"],
        json!({"anyOf": [{"description": "Who. A name", "type": "string"}, {"type": "integer", "description": "Who."}]}),
    );
}

#[test]
fn unions_within_unions_stand_alone_too() {
    let inner =
        json!({"anyOf": [{"type": "string"}, {"type": "boolean"}], "description": "Inner."});
    let outer =
        json!({"anyOf": [inner, {"type": "integer"}, {"type": "null"}], "description": "Outer."});
    let tool = tool(Dialect::GeminiOpenApi, &json!({"id": outer})).expect("it is a plain union");
    assert_eq!(
        super::inner(&tool)["properties"]["id"]["anyOf"],
        json!([
            {"anyOf": [
                {"description": "Outer. Inner.", "type": "string", "nullable": true},
                {"description": "Outer. Inner.", "type": "boolean"},
            ]},
            {"description": "Outer.", "type": "integer"},
        ]),
    );
}

#[test]
fn any_json_keeps_its_own_null() {
    let tool = tool(Dialect::OpenAi, &json!({"it?": {"x-any": true}})).expect("it is text there");
    for (params, args) in [
        (json!({}), json!({"it": null})),
        (json!({"it": null}), json!({"it": "null"})),
    ] {
        assert_eq!(tool.encode(params.clone()), args);
        assert_eq!(tool.decode(args), Ok(params));
    }
}

#[test]
fn what_can_not_be_read_is_handed_on() {
    let properties = json!({
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "at": {"type": "array", "prefixItems": [{"type": "number"}], "minItems": 1, "maxItems": 1},
        "any": {"x-any": true},
        "one": {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "object", "properties": {"b": {"type": "object", "additionalProperties": {"type": "integer"}}}, "required": ["b"], "additionalProperties": false}]},
        "word": {"type": "string", "enum": ["Paris", "Rome"]},
    });
    for args in [
        json!({"map": 1, "at": "x", "any": "{not json", "one": 5, "word": 7, "more": null}),
        json!({"map": [{"key": "a", "value": 1}, {"key": "a", "value": 2}], "at": {"item1": 1}}),
        json!({"map": [{"key": 1, "value": 1}], "at": {"item0": 1, "item1": 2}, "one": "b"}),
        json!({"map": [{"key": "a", "value": 1, "note": 1}], "any": 3}),
    ] {
        let tool = tool(Dialect::Anthropic, &properties).expect("it can be said");
        assert_eq!(tool.decode(args.clone()), Ok(args));
    }
}

#[test]
fn anthropic_may_change_the_case_of_a_word() {
    let properties = json!({"city": {"type": "string", "enum": ["Paris", "Rome", "rome"]}, "to": {"oneOf": [
        {"type": "object", "properties": {"kind": {"const": "Home"}}, "required": ["kind"], "additionalProperties": false},
        {"type": "object", "properties": {"kind": {"const": "Shop"}, "bag": {"type": "object", "additionalProperties": {"type": "integer"}}}, "required": ["kind", "bag"], "additionalProperties": false},
    ]}});
    let tool = tool(Dialect::Anthropic, &properties).expect("it can be said");
    let args = json!({"city": "paris", "to": {"kind": "shop", "bag": [{"key": "a", "value": 1}]}});
    let params = json!({"city": "Paris", "to": {"kind": "Shop", "bag": {"a": 1}}});
    assert_eq!(tool.decode(args), Ok(params));
    assert_eq!(
        tool.decode(json!({"city": "ROME"})),
        Ok(json!({"city": "ROME"}))
    );
}

#[test]
fn there_are_enough_shapes() {
    assert!(shapes::all().len() >= 30);
}

#[test]
fn a_list_that_stands_for_a_map_and_makes_none_is_refused_in_its_own_words() {
    let schema = json!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "map": {"type": "object", "additionalProperties": {"type": "integer"}}},
        "required": ["name"],
        "additionalProperties": {"x-any": true},
    });
    let source = Source::new("act", "Acts.", &schema, Effect::Write);
    let tool = build(Dialect::Anthropic, Options::default(), &source).expect("it can be said");
    let pair = |key: &str, value: Value| json!({"key": key, "value": value});
    for (args, refused) in [
        (
            json!({"map": [pair("a", json!(1)), pair("b", json!(1)), pair("a", json!(2))], "others": []}),
            "/map: found the same key at 0 and at 2; allowed: each key once [twice]",
        ),
        (
            json!({"others": [pair("x", json!("1")), pair("x", json!("2"))]}),
            "/others: found the same key at 0 and at 1; allowed: each key once [twice]",
        ),
        (
            json!({"others": [pair("name", json!("1"))]}),
            "/others: found the key \"name\"; allowed: keys that are no params of their own [twice]",
        ),
        (
            json!({"others": [pair("x", json!("1")), {"x": 1}]}),
            "/others/1: found something else; allowed: an object of `key`, a text, and `value` [type]",
        ),
        (
            json!({"others": {"x": 1}}),
            "/others: found something else; allowed: a list of such: an object of `key`, a text, and `value` [type]",
        ),
    ] {
        let found = tool.params(args).expect_err("it makes no map");
        assert_eq!(found.to_string(), refused);
    }
    let args =
        json!({"name": "a", "map": [pair("a", json!(1))], "others": [pair("x", json!("[1]"))]});
    let params = json!({"name": "a", "map": {"a": 1}, "x": [1]});
    assert_eq!(tool.params(args), Ok(params));
}
