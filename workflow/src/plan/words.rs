//! How mistakes name what was found and what was probably meant: short, and the same everywhere.

pub(super) use enact_action_core::__private::nearest;
use serde_json::Value;

/// Text is cut behind so many characters.
const MOST_TEXT: usize = 48;

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(string) => text(string),
        Value::Array(items) => format!("a list of {}", many(items.len(), "item")),
        Value::Object(map) => format!("an object with {}", many(map.len(), "key")),
    }
}

pub(super) fn text(text: &str) -> String {
    if text.chars().nth(MOST_TEXT).is_none() {
        return format!("{text:?}");
    }
    let begin: String = text.chars().take(MOST_TEXT).collect();
    let whole = many(text.chars().count(), "character");
    format!("{begin:?} and so on, {whole}")
}

pub(super) fn many(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// One of these names, in quotes.
pub(super) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        more => format!("one of {}", more.join(", ")),
    }
}

pub(super) fn did_you_mean(near: &str) -> String {
    format!("did you mean {near:?}?")
}
