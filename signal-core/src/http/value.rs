//! Attributes as the values of headers: section 3.1.3.2.

use std::borrow::Cow;

/// The value of a header: whatever is not printable ASCII, and space, quote and percent, as bytes
/// in UTF-8.
pub(super) fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut value = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!' | b'#' | b'$' | b'&'..=b'~' => value.push(char::from(byte)),
            _ => {
                value.push('%');
                value.push(char::from(DIGITS[usize::from(byte >> 4)]));
                value.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    value
}

/// The text of a header's value, or what is wrong with it: quotes come off first, then percent
/// signs are read, once.
pub(super) fn decode(value: &str) -> Result<String, &'static str> {
    let value = unquoted(value)?;
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next(), rest.next()].map(|digit| {
            let digit = char::from(digit?).to_digit(16)?;
            u8::try_from(digit).ok()
        });
        let [Some(high), Some(low)] = digits else {
            return Err("has a percent sign without two hex digits behind it; write it as `%25`");
        };
        bytes.push(high << 4 | low);
    }
    String::from_utf8(bytes).map_err(|_| "is percent-encoded, and not of UTF-8")
}

/// RFC 7230, section 3.2.6.
fn unquoted(value: &str) -> Result<Cow<'_, str>, &'static str> {
    let Some(rest) = value.strip_prefix('"') else {
        return Ok(Cow::Borrowed(value));
    };
    let mut text = String::with_capacity(rest.len());
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if chars.as_str().is_empty() => return Ok(Cow::Owned(text)),
            '"' => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    Err("begins with a quote and does not end with one")
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_example_of_the_specification_goes_both_ways() {
        let (text, value) = ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80");
        assert_eq!(encode(text), value);
        assert_eq!(decode(value).as_deref(), Ok(text));
    }

    #[test]
    fn quotes_and_needless_percent_signs_are_read() {
        let values = [r#""a \"b\" \\c""#, "%61%62", "%e2%82%ac", "a b", "%2541"];
        let texts = [r#"a "b" \c"#, "ab", "€", "a b", "%41"];
        for (value, text) in values.into_iter().zip(texts) {
            assert_eq!(decode(value).as_deref(), Ok(text), "{value}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for value in ["%C0%A0", "%", "%4", "%zz", "\"open", "\"a\"b"] {
            assert!(decode(value).is_err(), "{value}");
        }
    }
}
