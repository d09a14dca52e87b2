//! Every shape in every dialect: accepted keywords, round trips, refusals.

mod law;
mod limits;
mod refusals;
mod shapes;
mod vendors;
mod words;

use serde_json::{Value, json};

use super::{Dialect, Options, Source, Tool, ToolError, build};
use crate::spec::Effect;

/// A strict tool of these properties, all of them required but those ending in `?`.
fn tool(dialect: Dialect, properties: &Value) -> Result<Tool, ToolError> {
    let schema = params(properties);
    build(
        dialect,
        Options::default(),
        &Source::new("act", "Acts.", &schema, Effect::Write),
    )
}

fn params(properties: &Value) -> Value {
    let mut schema = json!({"type": "object", "properties": {}, "required": [],
        "additionalProperties": false});
    for (name, property) in properties.as_object().into_iter().flatten() {
        if name == "$defs" {
            schema["$defs"] = property.clone();
            continue;
        }
        let proper = name.trim_end_matches('?');
        schema["properties"][proper] = property.clone();
        if proper == name
            && let Some(required) = schema["required"].as_array_mut()
        {
            required.push(Value::from(proper));
        }
    }
    schema
}

/// The schema inside the vendor's envelope.
fn inner(tool: &Tool) -> &Value {
    let json = tool.json();
    match tool.dialect() {
        Dialect::OpenAi => &json["function"]["parameters"],
        Dialect::OpenAiResponses | Dialect::GeminiOpenApi => &json["parameters"],
        Dialect::Anthropic => &json["input_schema"],
        Dialect::Gemini => &json["parametersJsonSchema"],
        Dialect::Mcp => &json["inputSchema"],
    }
}
