//! How much a tool and a request may hold.

use serde_json::{Value, json};

use super::{params, tool};
use crate::spec::Effect;
use crate::tool::{Dialect, Options, Source, build_set};

fn optional(count: usize) -> Value {
    let properties = (0..count).map(|at| (format!("p{at}?"), json!({"type": "string"})));
    params(&Value::Object(properties.collect()))
}

fn refused(dialect: Dialect, strict: bool, schemas: &[Value]) -> Vec<String> {
    let names: Vec<_> = (0..schemas.len()).map(|at| format!("act{at}")).collect();
    let sources = names.iter().zip(schemas);
    let sources = sources.map(|(name, schema)| Source::new(name, "Acts.", schema, Effect::Write));
    match build_set(dialect, Options { strict }, sources) {
        Ok(_) => Vec::new(),
        Err(error) => error.refusals().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn anthropic_counts_over_the_whole_request() {
    assert!(refused(Dialect::Anthropic, true, &[optional(12), optional(12)]).is_empty());
    assert_eq!(
        refused(
            Dialect::Anthropic,
            true,
            &[optional(12), optional(12), optional(1)]
        ),
        [
            "action `act2`: anthropic refuses `required`: with it there are 25 optional params, and 24 \
          are the most in one request; make some of them required, or offer fewer strict tools at \
          once"
        ],
    );
    assert!(refused(Dialect::Anthropic, false, &[optional(30)]).is_empty());
    assert!(refused(Dialect::OpenAi, true, &[optional(30)]).is_empty());
    let unions: Vec<_> = (0..17)
        .map(|_| params(&json!({"id": {"type": ["string", "integer"]}})))
        .collect();
    assert_eq!(
        refused(Dialect::Anthropic, true, &unions),
        [
            "action `act16`: anthropic refuses `anyOf`: with it there are 17 params of more than one \
          type, and 16 are the most in one request; make fewer params enums with data, or offer \
          fewer strict tools at once"
        ],
    );
    assert_eq!(
        refused(Dialect::Anthropic, true, &vec![optional(0); 21]),
        [
            "action `act20`: anthropic refuses `strict`: 21 strict tools, and 20 are the most in one \
          request; offer fewer tools at once"
        ],
    );
}

#[test]
fn openai_counts_each_tool() {
    let mut nested = json!({"type": "string"});
    for _ in 0..10 {
        nested = json!({"type": "object", "properties": {"in": nested}, "required": ["in"],
            "additionalProperties": false});
    }
    let error = tool(Dialect::OpenAi, &json!({"deep": nested})).expect_err("it is too deep");
    assert_eq!(
        error.to_string(),
        "action `act`: openai refuses `properties`: 11 levels of objects, and 10 are the most; \
         flatten the params",
    );
    let values: Vec<_> = (0..1001).map(|at| format!("v{at}")).collect();
    let error = tool(
        Dialect::OpenAi,
        &json!({"one": {"type": "string", "enum": values}}),
    );
    assert_eq!(
        error.expect_err("there are too many").to_string(),
        "action `act`: openai refuses `enum`: 1001 enum values, and 1000 are the most; take a \
         string and check it in code",
    );
}
