//! From what a model answered to the calls in it, whichever part of it was handed over.

use serde_json::Value;

use super::DispatchError;
use super::read::{self, Call};
use crate::params::show;
use crate::tool::Dialect;

/// A vendor's error is cut behind so many characters.
const MOST_ERROR: usize = 500;

/// The calls of a message, in its order.
pub(super) fn calls(dialect: Dialect, message: &Value) -> Result<Vec<Call>, DispatchError> {
    if let Some(error) = message.get("error").filter(|error| !error.is_null()) {
        let text = error["message"].as_str().map(str::to_owned);
        let text = text.unwrap_or_else(|| error.to_string());
        let text = text.chars().take(MOST_ERROR).collect();
        return Err(DispatchError::service(dialect, text));
    }
    let found = match dialect {
        Dialect::OpenAi => chat(message),
        Dialect::OpenAiResponses => responses(message),
        Dialect::Anthropic => anthropic(message),
        Dialect::Gemini | Dialect::GeminiOpenApi => gemini(message),
        Dialect::Mcp => None,
    };
    found.ok_or_else(|| DispatchError::message(dialect, named(message)))
}

/// What was handed over instead of a message, in a few words.
fn named(message: &Value) -> String {
    match message {
        Value::Object(object) if !object.is_empty() => {
            let keys = object.keys().map(String::as_str);
            format!("an object of {}", show::names(keys))
        }
        other => show::value(other),
    }
}

fn chat(message: &Value) -> Option<Vec<Call>> {
    if let Some(choices) = message.get("choices") {
        return chat(&only(choices)?["message"]);
    }
    let items = match message {
        Value::Array(items) if items.iter().all(|item| item.get("function").is_some()) => items,
        Value::Object(object) if object.contains_key("function") => std::slice::from_ref(message),
        // The older form that only ever held one call; asking for tools does not lead to it.
        Value::Object(object) if object.get("function_call").is_some_and(Value::is_object) => {
            return None;
        }
        Value::Object(object) => match object.get("tool_calls") {
            Some(Value::Array(items)) => items.as_slice(),
            None | Some(Value::Null) if is_from(message, "assistant") => &[],
            _ => return None,
        },
        _ => return None,
    };
    let ours = |call: &&Value| call.get("type").is_none_or(|kind| kind == "function");
    Some(items.iter().filter(ours).map(read::chat).collect())
}

fn responses(message: &Value) -> Option<Vec<Call>> {
    let items = match message {
        Value::Array(items) => items,
        Value::Object(object) => match object.get("output") {
            Some(Value::Array(items)) => items,
            None if object.contains_key("type") => std::slice::from_ref(message),
            _ => return None,
        },
        _ => return None,
    };
    // A whole conversation holds calls that were answered long ago.
    let made = |item: &Value| {
        let kind = item.get("type").and_then(Value::as_str);
        let role = item.get("role").is_none_or(|role| role == "assistant");
        role && kind.is_some_and(|kind| !kind.ends_with("_output"))
    };
    if !items.iter().all(made) {
        return None;
    }
    let ours = |item: &&Value| item["type"] == "function_call";
    Some(items.iter().filter(ours).map(read::responses).collect())
}

fn anthropic(message: &Value) -> Option<Vec<Call>> {
    let blocks = match message {
        Value::Array(blocks) => blocks,
        Value::Object(_) if is_from(message, "assistant") => match &message["content"] {
            Value::Array(blocks) => blocks.as_slice(),
            Value::String(_) => &[],
            _ => return None,
        },
        Value::Object(_) => std::slice::from_ref(message),
        _ => return None,
    };
    let made = |block: &Value| {
        let kind = block.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind != "tool_result") && block.get("role").is_none()
    };
    if !blocks.iter().all(made) {
        return None;
    }
    let ours = |block: &&Value| block["type"] == "tool_use";
    Some(blocks.iter().filter(ours).map(read::anthropic).collect())
}

fn gemini(message: &Value) -> Option<Vec<Call>> {
    if let Some(candidates) = message.get("candidates") {
        return gemini(&only(candidates)?["content"]);
    }
    let parts = match message {
        Value::Array(parts) => parts,
        Value::Object(object) if object.contains_key("functionCall") => {
            std::slice::from_ref(message)
        }
        Value::Object(object) => match object.get("parts") {
            Some(Value::Array(parts)) if !is_from(message, "user") => parts.as_slice(),
            // It has stopped without a word.
            None if is_from(message, "model") => &[],
            _ => return None,
        },
        _ => return None,
    };
    let made = |part: &Value| {
        part.as_object().is_some_and(|part| {
            let other = ["functionResponse", "parts", "role"];
            !other.iter().any(|key| part.contains_key(*key))
        })
    };
    if !parts.iter().all(made) {
        return None;
    }
    let ours = parts.iter().filter_map(|part| part.get("functionCall"));
    Some(ours.map(read::gemini).collect())
}

/// Of several answers to choose from, only the program knows which one goes on.
fn only(list: &Value) -> Option<&Value> {
    match list.as_array()?.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn is_from(message: &Value, role: &str) -> bool {
    message["role"] == role
}
