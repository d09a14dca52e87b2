//! Calls and responses as the vendors write them.

use enact::tool::{Answer, Dialect};
use serde_json::{Value, json};

pub(crate) const VENDORS: [Dialect; 5] = [
    Dialect::OpenAi,
    Dialect::OpenAiResponses,
    Dialect::Anthropic,
    Dialect::Gemini,
    Dialect::GeminiOpenApi,
];

/// One call. Arguments that are text already are left as they are.
pub(crate) fn call(dialect: Dialect, id: &str, name: &str, arguments: impl Into<Value>) -> Value {
    let arguments = arguments.into();
    let text = arguments
        .as_str()
        .map_or_else(|| arguments.to_string(), str::to_owned);
    match dialect {
        Dialect::OpenAi => json!({"id": id, "type": "function",
            "function": {"name": name, "arguments": text}}),
        Dialect::OpenAiResponses => json!({"type": "function_call", "id": format!("fc_{id}"),
            "call_id": id, "name": name, "arguments": text, "status": "completed"}),
        Dialect::Anthropic => json!({"type": "tool_use", "id": id, "name": name,
            "input": arguments}),
        _ => json!({"functionCall": {"id": id, "name": name, "args": arguments}}),
    }
}

/// A whole response of the service, with words beside the calls.
pub(crate) fn response(dialect: Dialect, calls: &[Value]) -> Value {
    let behind = |first: Value| -> Value { [first].iter().chain(calls).cloned().collect() };
    match dialect {
        Dialect::OpenAi => json!({"id": "chatcmpl-1", "object": "chat.completion", "error": null,
            "choices": [{"index": 0, "finish_reason": "tool_calls", "message":
                {"role": "assistant", "content": "Let me see.", "tool_calls": calls}}]}),
        Dialect::OpenAiResponses => json!({"id": "resp_1", "object": "response", "error": null,
            "status": "completed",
            "output": behind(json!({"type": "reasoning", "id": "rs_1", "summary": []}))}),
        Dialect::Anthropic => json!({"id": "msg_1", "type": "message", "role": "assistant",
            "stop_reason": "tool_use",
            "content": behind(json!({"type": "text", "text": "Let me see."}))}),
        _ => json!({"candidates": [{"finishReason": "STOP", "content":
            {"role": "model", "parts": behind(json!({"text": "Let me see."}))}}]}),
    }
}

/// The calls of a response, as the list that they are.
pub(crate) fn list(dialect: Dialect, response: &Value) -> Value {
    let place = match dialect {
        Dialect::OpenAi => "/choices/0/message/tool_calls",
        Dialect::OpenAiResponses => "/output",
        Dialect::Anthropic => "/content",
        _ => "/candidates/0/content/parts",
    };
    response.pointer(place).expect("it was made so").clone()
}

/// The text that the model reads.
pub(crate) fn said(dialect: Dialect, answer: &Answer) -> String {
    let json = answer.json();
    let said = match dialect {
        Dialect::OpenAi | Dialect::Anthropic => &json["content"],
        Dialect::OpenAiResponses => &json["output"],
        _ => {
            let response = json["functionResponse"]["response"].as_object();
            let first = response.and_then(|response| response.values().next());
            first.expect("an output or an error")
        }
    };
    said.as_str()
        .map_or_else(|| said.to_string(), str::to_owned)
}
