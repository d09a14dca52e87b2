//! One call as each vendor writes it.

use serde_json::Value;

use crate::tool::Dialect;

/// One call, its arguments as the vendor wrote them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) id: Option<String>,
    /// Empty where the call has none.
    pub(super) name: String,
    /// Null where the call has none.
    pub(super) arguments: Value,
}

impl Call {
    fn new(id: &Value, name: &Value, arguments: &Value) -> Self {
        Self {
            id: id.as_str().map(str::to_owned),
            name: name.as_str().unwrap_or_default().to_owned(),
            arguments: arguments.clone(),
        }
    }
}

pub(super) fn chat(call: &Value) -> Call {
    let function = &call["function"];
    Call::new(&call["id"], &function["name"], &function["arguments"])
}

pub(super) fn responses(call: &Value) -> Call {
    Call::new(&call["call_id"], &call["name"], &call["arguments"])
}

pub(super) fn anthropic(call: &Value) -> Call {
    Call::new(&call["id"], &call["name"], &call["input"])
}

pub(super) fn gemini(call: &Value) -> Call {
    Call::new(&call["id"], &call["name"], &call["args"])
}

/// What is taken as a message of a vendor's.
pub(super) fn wanted(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenAi => {
            "a response with one choice, its message, its `tool_calls`, or one of them"
        }
        Dialect::OpenAiResponses => "a response, its `output`, or one item of type `function_call`",
        Dialect::Anthropic => "a message, its `content`, or one block of type `tool_use`",
        Dialect::Gemini | Dialect::GeminiOpenApi => {
            "a response with one candidate, its `content`, its `parts`, or one with a `functionCall`"
        }
        Dialect::Mcp => "it to an MCP server, which alone knows this protocol's messages",
    }
}
