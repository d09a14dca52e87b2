//! How violations name what was found and what is allowed: short, and the same everywhere.

use serde::Serialize;
use serde_json::Value;

use super::rules::{Counts, Len};
use enact_grammar::format::Format;

/// What stands in the place of a secret.
pub(crate) const SECRET: &str = "[secret]";
pub(crate) const NO_TWO_ALIKE: &str = "items that differ";

/// Text longer than this is cut.
const MOST_CHARACTERS: usize = 48;
/// A list of allowed values longer than this is cut.
const MOST_VALUES: usize = 24;

pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(string) => text(string),
        Value::Array(items) => format!("a list of {}", Counts::Items.many(items.len() as u64)),
        Value::Object(map) => format!("an object with {}", Counts::Keys.many(map.len() as u64)),
    }
}

pub(crate) fn typed<T: Serialize + ?Sized>(typed: &T) -> String {
    match serde_json::to_value(typed) {
        Ok(json) => value(&json),
        Err(_) => "a value that has no JSON".to_owned(),
    }
}

pub(crate) fn text(text: &str) -> String {
    let quoted = Value::from(short(text)).to_string();
    if text.chars().nth(MOST_CHARACTERS).is_none() {
        return quoted;
    }
    format!("{quoted} and so on, {} characters", text.chars().count())
}

fn short(text: &str) -> &str {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

pub(crate) fn format(format: Format) -> String {
    format!("{}, such as {}", format.name(), format.example())
}

pub(crate) fn pattern(source: &str) -> String {
    format!("text that matches {source}")
}

pub(crate) fn len(len: Len, counts: Counts) -> String {
    match (len.min, len.max) {
        (min, Some(max)) if min == max => format!("exactly {}", counts.many(min)),
        (0, Some(max)) => format!("at most {}", counts.many(max)),
        (min, Some(max)) => format!("{min} to {}", counts.many(max)),
        (min, None) => format!("at least {}", counts.many(min)),
    }
}

pub(crate) fn one_of(allowed: &[Value]) -> String {
    let listed: Vec<String> = allowed.iter().take(MOST_VALUES).map(value).collect();
    match (listed.as_slice(), allowed.len()) {
        ([only], 1) => only.clone(),
        (listed, n) if n > MOST_VALUES => {
            format!("one of {} and {} more", listed.join(", "), n - MOST_VALUES)
        }
        (listed, _) => format!("one of {}", listed.join(", ")),
    }
}

pub(crate) fn alike(first: usize, second: usize) -> String {
    format!("items {first} and {second} alike")
}

/// `did you mean …?`, where one of `known` is near enough to `name`.
pub(crate) fn did_you_mean<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean {near:?}?"))
}

/// The known name nearest to `name`, where one is near enough to have been meant.
pub(crate) fn nearest<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let folded = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
