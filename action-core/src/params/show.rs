//! How violations name what was found and what is allowed: short, and the same everywhere.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::rules::{Counts, Len};
use enact_grammar::format::Format;

/// What stands in the place of a secret.
pub(crate) const SECRET: &str = "[secret]";
/// What a secret may be, where that is a list.
pub(crate) const SECRET_LIST: &str = "one of the values that the schema lists";
pub(crate) const NO_TWO_ALIKE: &str = "items that differ";

/// Text is cut behind so many bytes, as they are shown.
const MOST_TEXT: usize = 64;
/// A list of allowed values ends behind so many bytes.
const MOST_LIST: usize = 100;
/// A pattern is cut behind so many bytes.
const MOST_PATTERN: usize = 100;
/// A pointer is cut in the middle, to so many bytes on either side.
const HALF_POINTER: usize = 30;

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
    let mut quoted = String::from('"');
    for c in text.chars() {
        let before = quoted.len();
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c => push_visibly(&mut quoted, c),
        }
        if quoted.len() > MOST_TEXT {
            quoted.truncate(before);
            let whole = Counts::Characters.many(text.chars().count() as u64);
            return format!("{quoted}\" and so on, {whole}");
        }
    }
    quoted.push('"');
    quoted
}

/// The text on one line, with all that could not be seen or would change what is seen beside it
/// written out; quotes stay as they are.
pub(crate) fn line(text: &str) -> String {
    visible(text, |_| false)
}

/// The same, with its lines kept.
pub(crate) fn lines(text: &str) -> String {
    visible(text, |c| c == '\n')
}

fn visible(text: &str, kept: fn(char) -> bool) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        // Marks that belong to the character before are letters in many languages, so behind a
        // character they are not written out.
        let pair: String = ['x', c].iter().collect();
        if kept(c) || pair.escape_debug().count() == 2 {
            visible.push(c);
        } else {
            push_visibly(&mut visible, c);
        }
    }
    visible
}

/// As JSON writes it, where it would not be seen or would end the line.
fn push_visibly(text: &mut String, c: char) {
    match c {
        '\n' => text.push_str("\\n"),
        '\'' | '"' | '\\' => text.push(c),
        c if c.escape_debug().len() == 1 => text.push(c),
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
}

/// A JSON pointer, cut where it would fill the line; the whole one is in the violation itself.
pub(crate) fn pointer(pointer: &str) -> String {
    let mut visible = String::new();
    pointer.chars().for_each(|c| push_visibly(&mut visible, c));
    if visible.len() > 2 * HALF_POINTER {
        let begin = visible.floor_char_boundary(HALF_POINTER);
        let end = visible.ceil_char_boundary(visible.len() - HALF_POINTER);
        visible.replace_range(begin..end, "...");
    }
    visible
}

pub(crate) fn format(format: Format) -> String {
    format!("{}, such as {}", format.name(), format.example())
}

pub(crate) fn pattern(source: &str) -> String {
    if source.len() <= MOST_PATTERN {
        return format!("text that matches {source}");
    }
    let begin = &source[..source.floor_char_boundary(MOST_PATTERN)];
    format!("text that matches the schema's pattern, {begin} and so on")
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
    listed(allowed.iter().map(value))
}

/// One of these names, in quotes.
pub(crate) fn names<'k>(names: impl Iterator<Item = &'k str>) -> String {
    listed(names.map(text))
}

fn listed(all: impl Iterator<Item = String>) -> String {
    let (mut list, mut count, mut more) = (String::new(), 0_usize, 0_usize);
    for one in all {
        if more > 0 || count > 0 && list.len() + one.len() > MOST_LIST {
            more += 1;
            continue;
        }
        if count > 0 {
            list.push_str(", ");
        }
        list.push_str(&one);
        count += 1;
    }
    match (count, more) {
        (1, 0) => list,
        (_, 0) => format!("one of {list}"),
        (_, more) => format!("one of {list} and {more} more"),
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
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let length = name.chars().count();
    let folded = name.to_lowercase();
    let distance = |candidate: &'k str| {
        let own = candidate.chars().count();
        let most = (1 + own / 4).min(own.saturating_sub(1));
        // A name that is far longer can't be near, and need not be compared.
        let distance = (own.abs_diff(length) <= most)
            .then(|| strsim::osa_distance(&folded, &candidate.to_lowercase()))?;
        (distance <= most).then_some((distance, candidate))
    };
    let near = known.into_iter().filter_map(distance);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
