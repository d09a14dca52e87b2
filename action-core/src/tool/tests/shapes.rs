//! Canonical schemas such as the derive writes them.

use serde_json::{Value, json};

use super::params;

fn any() -> Value {
    json!({"x-any": true, "anyOf": [{"type": "null"}, {"type": "boolean"}, {"type": "number"},
        {"type": "string"}, {"type": "array"}, {"type": "object"}]})
}

/// Shapes by name.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let mut all = scalars();
    all.extend(structures());
    all.extend(enums());
    all.extend(definitions());
    all
}

#[expect(clippy::too_many_lines, reason = "one list")]
fn scalars() -> Vec<(&'static str, Value)> {
    vec![
        ("nothing", params(&json!({}))),
        (
            "text",
            params(
                &json!({"city": {"type": "string", "description": "City name.", "minLength": 1, "maxLength": 80}}),
            ),
        ),
        (
            "pattern",
            params(
                &json!({"sku": {"type": "string", "pattern": "^[a-z]+-[0-9]{2}$", "examples": ["ab-12", "x-99"]}}),
            ),
        ),
        (
            "formats",
            params(&json!({
                "at": {"type": "string", "format": "date-time", "examples": ["2026-01-31T09:30:00Z"]},
                "day": {"type": "string", "format": "date", "examples": ["2026-01-31"]},
                "mail": {"type": "string", "format": "email", "examples": ["ada@example.org"]},
                "id": {"type": "string", "format": "uuid", "examples": ["67e55044-10b1-426f-9247-bb680e5fe0c8"]},
                "link": {"type": "string", "format": "uri", "examples": ["https://example.org/"]},
            })),
        ),
        (
            "integers",
            params(&json!({
                "byte": {"type": "integer", "minimum": 0, "maximum": 255},
                "long": {"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX},
                "big": {"type": "integer", "minimum": 0, "maximum": u64::MAX},
                "even": {"type": "integer", "multipleOf": 2, "exclusiveMinimum": 0, "exclusiveMaximum": 100},
            })),
        ),
        (
            "numbers",
            params(&json!({
                "ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                "money": {"type": "number", "multipleOf": 0.5, "minimum": -10.5},
            })),
        ),
        (
            "flags",
            params(
                &json!({"on": {"type": "boolean", "deprecated": true}, "key": {"type": "string", "writeOnly": true, "x-class": "secret"}}),
            ),
        ),
        ("unit", params(&json!({"nothing": {"type": "null"}}))),
        (
            "defaults",
            params(&json!({
                "units?": {"type": "string", "enum": ["celsius", "kelvin"], "default": "celsius"},
                "limit?": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
                "tags?": {"type": "object", "additionalProperties": {"type": "integer"}, "default": {"a": 1}},
            })),
        ),
        (
            "options",
            params(&json!({
                "note?": {"type": ["string", "null"], "maxLength": 5},
                "count?": {"anyOf": [{"type": "integer"}, {"type": "null"}], "minimum": 1, "default": null},
                "mode?": {"type": ["string", "null"], "enum": ["a", "b", null]},
                "limit?": {"type": ["integer", "null"], "default": 5},
                "map?": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
            })),
        ),
        (
            "nullable",
            params(&json!({
                "note": {"type": ["string", "null"]},
                "mode": {"type": ["string", "null"], "enum": ["a", "b", null]},
                "point": {"anyOf": [{"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"], "additionalProperties": false}, {"type": "null"}]},
                "list": {"type": "array", "items": {"type": ["integer", "null"]}},
            })),
        ),
        (
            "several_types",
            params(&json!({"id": {"type": ["string", "integer"], "minLength": 1, "minimum": 0}})),
        ),
        ("aliases", {
            let mut schema = params(
                &json!({"city": {"type": "string"}, "town?": {"type": "string", "x-alias": "city"}, "zip?": {"type": "string"}}),
            );
            schema["required"] = json!([]);
            schema["allOf"] = json!([{"anyOf": [{"required": ["city"]}, {"required": ["town"]}]}, {"not": {"required": ["city", "town"]}}]);
            schema
        }),
    ]
}

#[expect(clippy::too_many_lines, reason = "one list")]
fn structures() -> Vec<(&'static str, Value)> {
    vec![
        (
            "list",
            params(
                &json!({"tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5, "uniqueItems": true}}),
            ),
        ),
        (
            "long_list",
            params(
                &json!({"rows": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2}, "minItems": 2}}),
            ),
        ),
        (
            "map",
            params(
                &json!({"headers": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 9}, "minProperties": 1, "maxProperties": 3}}),
            ),
        ),
        (
            "map_of_maps",
            params(
                &json!({"tree": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "boolean"}}}}),
            ),
        ),
        (
            "named_keys",
            params(
                &json!({"stock": {"type": "object", "propertyNames": {"enum": ["north", "south"]}, "additionalProperties": {"type": "integer"}}}),
            ),
        ),
        (
            "map_of_options",
            params(
                &json!({"ages": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}}),
            ),
        ),
        (
            "tuple",
            params(
                &json!({"at": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}, {"type": ["boolean", "null"]}], "items": false, "minItems": 3, "maxItems": 3}}),
            ),
        ),
        (
            "tuples",
            params(
                &json!({"path": {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "object", "additionalProperties": {"type": "integer"}}], "minItems": 2, "maxItems": 2}}}),
            ),
        ),
        (
            "any",
            params(
                &json!({"payload": any(), "extra?": any(), "all": {"type": "array", "items": any()}}),
            ),
        ),
        (
            "bag",
            params(&json!({"meta": {"type": "object", "additionalProperties": any()}})),
        ),
        (
            "nested",
            params(
                &json!({"order": {"type": "object", "description": "The order.", "properties": {
            "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "default": 1}}, "required": ["sku"], "additionalProperties": false}},
            "notes": {"type": ["string", "null"]},
        }, "required": ["lines"], "additionalProperties": false}}),
            ),
        ),
        ("open", {
            let mut schema = params(&json!({"city": {"type": "string"}}));
            schema["additionalProperties"] = json!(true);
            schema
        }),
        (
            "flattened_map",
            params(
                &json!({"who": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"], "additionalProperties": {"type": "integer"}}}),
            ),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "one list")]
fn enums() -> Vec<(&'static str, Value)> {
    let circle = json!({"type": "object", "properties": {"radius": {"type": "number"}, "label": {"type": ["string", "null"]}}, "required": ["radius"], "additionalProperties": false});
    vec![
        (
            "documented_enum",
            params(
                &json!({"level": {"oneOf": [{"const": "low", "description": "Hardly any."}, {"const": "high", "description": "A lot."}], "description": "How much."}}),
            ),
        ),
        (
            "numeric_enum",
            params(
                &json!({"size": {"enum": [1, 2, 4], "type": "integer"}, "sure?": {"const": true}, "mixed?": {"enum": ["auto", 1, 2.5]}}),
            ),
        ),
        (
            "external",
            params(&json!({"shape": {"description": "A shape.", "oneOf": [
                {"type": "string", "enum": ["point", "line"]},
                {"type": "object", "properties": {"circle": circle}, "required": ["circle"], "additionalProperties": false},
                {"type": "object", "properties": {"path": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "minItems": 2, "maxItems": 2}}, "required": ["path"], "additionalProperties": false},
                {"type": "object", "properties": {"named": {"type": "object", "additionalProperties": {"type": "string"}}}, "required": ["named"], "additionalProperties": false},
            ]}})),
        ),
        (
            "internal",
            params(&json!({"event": {"oneOf": [
                {"type": "object", "properties": {"type": {"type": "string", "const": "paid"}, "cents": {"type": "integer"}}, "required": ["type", "cents"], "additionalProperties": false},
                {"type": "object", "properties": {"type": {"type": "string", "const": "sent"}, "to": {"type": "object", "additionalProperties": {"type": "string"}}, "by": {"type": "string"}}, "required": ["type", "to"], "additionalProperties": false},
                {"type": "object", "properties": {"type": {"const": "lost"}}, "required": ["type"], "additionalProperties": false},
            ]}})),
        ),
        (
            "adjacent",
            params(&json!({"step?": {"anyOf": [{"oneOf": [
            {"type": "object", "properties": {"t": {"const": "wait"}, "c": {"type": "integer"}}, "required": ["t", "c"], "additionalProperties": false},
            {"type": "object", "properties": {"t": {"const": "run"}, "c": any()}, "required": ["t", "c"], "additionalProperties": false},
        ]}, {"type": "null"}]}})),
        ),
        (
            "untagged",
            params(&json!({"target": {"anyOf": [
                {"type": "integer", "minimum": 0}, {"type": "string"},
                {"type": "object", "properties": {"host": {"type": "string"}, "port": {"type": "integer"}}, "required": ["host"], "additionalProperties": false},
                {"type": "object", "properties": {"socket": {"type": "string"}, "options": {"type": "object", "additionalProperties": {"type": "string"}}}, "required": ["socket", "options"], "additionalProperties": false},
            ]}})),
        ),
        (
            "list_of_choices",
            params(&json!({"items": {"type": "array", "items": {"oneOf": [
                {"type": "object", "properties": {"op": {"const": "add"}, "n": {"type": "integer"}}, "required": ["op", "n"], "additionalProperties": false},
                {"type": "object", "properties": {"op": {"const": "set"}, "at": {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 1, "maxItems": 1}}, "required": ["op", "at"], "additionalProperties": false},
            ]}}})),
        ),
        (
            "flattened_enum",
            params(
                &json!({"job": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"], "oneOf": [
                    {"type": "object", "properties": {"every": {"type": "integer"}}, "required": ["every"]},
                    {"type": "object", "properties": {"at": {"type": "object", "additionalProperties": {"type": "integer"}}}, "required": ["at"]},
                ]}}),
            ),
        ),
    ]
}

fn definitions() -> Vec<(&'static str, Value)> {
    let money = json!({"type": "object", "description": "An amount.", "properties": {
        "cents": {"type": "integer", "minimum": 0}, "currency": {"type": "string", "enum": ["EUR", "USD"], "default": "EUR"},
    }, "required": ["cents"], "additionalProperties": false});
    vec![
        (
            "references",
            params(
                &json!({"price": {"$ref": "#/$defs/Money", "description": "What it costs."}, "tip?": {"anyOf": [{"$ref": "#/$defs/Money"}, {"type": "null"}]}, "parts": {"type": "array", "items": {"$ref": "#/$defs/Money"}}, "$defs": {"Money": money}}),
            ),
        ),
        (
            "nullable_definition",
            params(
                &json!({"a": {"$ref": "#/$defs/Maybe"}, "b?": {"$ref": "#/$defs/Maybe", "description": "Perhaps."}, "$defs": {"Maybe": {"type": ["integer", "null"]}}}),
            ),
        ),
        (
            "mapped_definition",
            params(
                &json!({"all?": {"$ref": "#/$defs/Names", "default": {"a": "b"}}, "$defs": {"Names": {"type": "object", "additionalProperties": {"type": "string"}, "examples": [{"x": "y"}]}}}),
            ),
        ),
        (
            "restricted_reference",
            params(
                &json!({"name": {"$ref": "#/$defs/Name", "maxLength": 8}, "$defs": {"Name": {"type": "string", "minLength": 2}}}),
            ),
        ),
        (
            "reference_arms",
            params(
                &json!({"shape": {"oneOf": [{"$ref": "#/$defs/Dot"}, {"$ref": "#/$defs/Box"}], "description": "What to draw."}, "$defs": {
                    "Dot": {"type": "object", "properties": {"kind": {"const": "dot"}}, "required": ["kind"], "additionalProperties": false},
                    "Box": {"type": "object", "properties": {"kind": {"const": "box"}, "size": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "minItems": 2, "maxItems": 2}}, "required": ["kind", "size"], "additionalProperties": false},
                }}),
            ),
        ),
        (
            "recursive",
            params(
                &json!({"tree": {"$ref": "#/$defs/Tree"}, "$defs": {"Tree": {"type": "object", "properties": {
            "label": {"type": "string"}, "marks": {"type": "object", "additionalProperties": {"type": "integer"}}, "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}, "default": []},
        }, "required": ["label"], "additionalProperties": false}}}),
            ),
        ),
        (
            "recursive_enum",
            params(
                &json!({"rule": {"$ref": "#/$defs/Rule"}, "$defs": {"Rule": {"oneOf": [
                    {"type": "object", "properties": {"is": {"type": "string"}}, "required": ["is"], "additionalProperties": false},
                    {"type": "object", "properties": {"not": {"$ref": "#/$defs/Rule"}}, "required": ["not"], "additionalProperties": false},
                    {"type": "object", "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/Rule"}}}, "required": ["all"], "additionalProperties": false},
                ]}}}),
            ),
        ),
    ]
}

/// Which dialects have no way to say the shape.
pub(super) fn is_refused(name: &str, dialect: super::Dialect) -> bool {
    use super::Dialect::{Anthropic, Gemini, GeminiOpenApi};
    match dialect {
        Anthropic | GeminiOpenApi => name.starts_with("recursive"),
        Gemini => name == "recursive_enum",
        _ => false,
    }
}
