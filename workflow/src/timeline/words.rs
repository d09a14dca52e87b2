//! Times, counts and texts as both drawings write them.

use std::fmt::Write as _;
use std::io;
use std::time::{Duration, SystemTime};

use serde::Serialize as _;
use serde_json::Value;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A time in its two largest units: `2ms`, `1.25s`, `4m 5s`, `3d 2h`.
pub(crate) fn lasted(ms: u64) -> String {
    let two = |size: u64, unit, small: u64, small_unit| {
        let large = count(ms / size);
        match ms % size / small {
            0 => format!("{large}{unit}"),
            rest => format!("{large}{unit} {rest}{small_unit}"),
        }
    };
    match ms {
        0..SECOND => format!("{ms}ms"),
        SECOND..MINUTE => {
            let text = format!("{}.{:02}", ms / SECOND, ms % SECOND / 10);
            format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
        }
        MINUTE..HOUR => two(MINUTE, 'm', SECOND, 's'),
        HOUR..DAY => two(HOUR, 'h', MINUTE, 'm'),
        DAY.. => two(DAY, 'd', HOUR, 'h'),
    }
}

/// A point in time in RFC 3339, which has no words for what lies behind the year 9999.
pub(crate) fn instant(ms: u64) -> String {
    let mut text = String::new();
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms));
    let written = time.map(|time| write!(text, "{}", humantime::format_rfc3339_millis(time)));
    match written {
        Some(Ok(())) => text,
        Some(Err(_)) | None => format!("{}ms since 1970", count(ms)),
    }
}

/// A number with its thousands apart: `100,000`.
pub(crate) fn count(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The number with its word, which takes an `s` for all but one.
pub(crate) fn counted(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        _ => format!("{} {word}s", count(number)),
    }
}

/// The text on one line of at most so many characters; what is too much goes from the middle.
pub(crate) fn cut_middle(text: &str, most: usize) -> String {
    let (text, length) = line(text, most);
    if length <= most {
        return text;
    }
    let tail = most.saturating_sub(1) * 2 / 3;
    let head = most.saturating_sub(1) - tail;
    let ahead = text.chars().take(head);
    let mut out: String = ahead.collect();
    out.extend((most > 0).then_some('…'));
    let chars: Vec<char> = text.chars().collect();
    out.extend(&chars[chars.len() - tail..]);
    out
}

/// The text on one line of at most so many characters; what is too much goes from the end.
pub(crate) fn cut_end(text: &str, most: usize) -> String {
    let (text, length) = line(text, most);
    if length <= most {
        return text;
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.extend((most > 0).then_some('…'));
    out
}

/// The text without line breaks and what no terminal can show, and its length. Of a text that is
/// much longer than wanted the head and the tail are looked at alone.
fn line(text: &str, most: usize) -> (String, usize) {
    let plain = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if c.is_control() || is_turning(c) => '\u{fffd}',
        c => c,
    };
    let head: String = text.chars().take(most + 1).map(plain).collect();
    let length = head.chars().count();
    if length <= most {
        return (head, length);
    }
    let tail = text.char_indices().rev().take(most).last();
    let tail = &text[tail.map_or(text.len(), |(at, _)| at)..];
    (
        head.chars().chain(tail.chars().map(plain)).collect(),
        length,
    )
}

/// Whether the character turns the direction of what follows it, and so could misplace it.
pub(crate) fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a recorded failure says: its code, its message, its step.
pub(crate) fn failure(body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let words = match (text("code"), text("message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(word), None) | (None, Some(word)) => word.to_owned(),
        (None, None) => json(body, false, 1_000).0,
    };
    match text("step") {
        Some(step) => format!("{words} (at {step})"),
        None => words,
    }
}

/// The value as JSON of at most so many bytes, and whether that is all of it. What is too much is
/// never written, so that a large output costs no more than a small one.
pub(crate) fn json(value: &Value, pretty: bool, most: usize) -> (String, bool) {
    let mut kept = Kept {
        bytes: Vec::new(),
        most,
    };
    let written = if pretty {
        let mut writer = serde_json::Serializer::pretty(&mut kept);
        value.serialize(&mut writer)
    } else {
        let mut writer = serde_json::Serializer::new(&mut kept);
        value.serialize(&mut writer)
    };
    let text = String::from_utf8_lossy(&kept.bytes);
    let text = text.trim_end_matches('\u{fffd}').to_owned();
    (text, written.is_ok())
}

/// A writer that is full at some point.
struct Kept {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let free = self.most - self.bytes.len();
        let fits = &bytes[..bytes.len().min(free)];
        self.bytes.extend_from_slice(fits);
        match fits.len() {
            0 if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            length => Ok(length),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_have_two_units() {
        let check = |ms, expected: &str| assert_eq!(lasted(ms), expected);
        check(0, "0ms");
        check(1_000, "1s");
        check(1_259, "1.25s");
        check(59_999, "59.99s");
        check(245_000, "4m 5s");
        check(2 * HOUR, "2h");
        check(3 * DAY + 2 * HOUR + 5, "3d 2h");
        check(u64::MAX, "213,503,982,334d 14h");
    }

    #[test]
    fn instants_without_a_date_are_counted() {
        assert_eq!(instant(1_120), "1970-01-01T00:00:01.120Z");
        assert_eq!(instant(u64::MAX), "18,446,744,073,709,551,615ms since 1970");
    }

    #[test]
    fn texts_are_cut_to_their_length() {
        assert_eq!(cut_middle("labels[3]/label", 15), "labels[3]/label");
        assert_eq!(
            cut_middle("a/long/way/to/labels[3]/label", 12),
            "a/lo…]/label"
        );
        assert_eq!(
            cut_end("one\ntwo\u{7}\u{202e}", 9),
            "one two\u{fffd}\u{fffd}"
        );
        assert_eq!(cut_end("one two", 4), "one…");
        let long = "ä".repeat(300);
        for most in 0..20 {
            assert_eq!(cut_middle(&long, most).chars().count(), most);
            assert_eq!(cut_end(&long, most).chars().count(), most);
        }
    }

    #[test]
    fn large_values_are_cut_between_characters() {
        let (text, all) = json(&json!({"name": "äöü"}), false, 100);
        assert_eq!((text.as_str(), all), (r#"{"name":"äöü"}"#, true));
        let (text, all) = json(&json!({"name": "äöü"}), false, 10);
        assert_eq!((text.as_str(), all), (r#"{"name":""#, false));
    }

    #[test]
    fn failures_are_told_as_far_as_they_are_known() {
        let whole = json!({"code": "card.declined", "message": "no funds", "step": "charge"});
        assert_eq!(failure(&whole), "card.declined: no funds (at charge)");
        assert_eq!(failure(&json!({"code": "odd"})), "odd");
        assert_eq!(failure(&json!([1])), "[1]");
    }
}
