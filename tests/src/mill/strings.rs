//! Strings of a length, a pattern or a format, and strings that are none of these.

use fastrand::Rng;
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

use super::Mill;

const WORDS: [&str; 12] = [
    "a", "b", "id", "name", "kind", "x", "y", "weiß", "A", "a b", "items", "t-9",
];

/// What a schema says of a string.
pub(super) struct Text<'s> {
    least: u64,
    most: u64,
    format: Option<&'s str>,
    patterns: Vec<&'s str>,
}

impl<'s> Text<'s> {
    pub(super) fn of(map: &'s Map<String, Value>) -> Self {
        let parts = map.get("allOf").and_then(Value::as_array);
        let parts = parts
            .into_iter()
            .flatten()
            .filter_map(|part| part.get("pattern"));
        let patterns = map
            .get("pattern")
            .into_iter()
            .chain(parts)
            .filter_map(Value::as_str);
        let whole = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let least = whole("minLength").unwrap_or(0);
        Self {
            least,
            most: whole("maxLength").unwrap_or(least + 6),
            format: map.get("format").and_then(Value::as_str),
            patterns: patterns.collect(),
        }
    }

    fn fits(&self, text: &str, patterns: &[Regex]) -> bool {
        let length = text.chars().count() as u64;
        let long = self.format.is_some() || length >= self.least && length <= self.most;
        long && patterns.iter().all(|pattern| pattern.is_match(text))
    }
}

impl Mill<'_> {
    /// A string that is as it should be, if a few tries find one.
    pub(super) fn text(&mut self, text: &Text<'_>) -> String {
        let patterns: Vec<Regex> = text
            .patterns
            .iter()
            .filter_map(|pattern| Regex::new(pattern).ok())
            .collect();
        let mut made = String::new();
        for _ in 0..12 {
            made = match (text.format, text.patterns.first()) {
                (Some(format), _) => self
                    .dice
                    .choice(samples(format))
                    .map_or("", |it| it)
                    .to_owned(),
                (None, Some(pattern)) => matching(pattern, &mut self.dice),
                (None, None) => {
                    let length = self.dice.u64(text.least..=text.most.max(text.least));
                    (0..length).map(|_| character(&mut self.dice)).collect()
                }
            };
            if text.fits(&made, &patterns) {
                break;
            }
        }
        made
    }

    /// The string with one thing done to it.
    pub(super) fn misspelt(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        let at = self.dice.usize(..=chars.len());
        match self.dice.u8(..7) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 => chars.insert(at, character(&mut self.dice)),
            2 if at < chars.len() => chars[at] = character(&mut self.dice),
            3 => chars.clear(),
            4 => return text.to_uppercase(),
            5 => return format!("{text}{text}"),
            _ => chars.push('\n'),
        }
        chars.into_iter().collect()
    }
}

fn character(dice: &mut Rng) -> char {
    match dice.u8(..10) {
        0 => dice
            .choice(['é', 'ß', '中', '🦀', '\u{301}', '\0', '"', '\\', '/', '~'])
            .unwrap_or('é'),
        1 => dice.char('0'..='9'),
        2 => dice.char('A'..='Z'),
        _ => dice.char('a'..='z'),
    }
}

/// A name that may mean something here.
pub(super) fn word(dice: &mut Rng) -> String {
    dice.choice(WORDS).unwrap_or("a").to_owned()
}

/// Any string.
pub(super) fn any(dice: &mut Rng) -> String {
    let length = dice.usize(..8);
    if dice.bool() {
        word(dice)
    } else {
        (0..length).map(|_| character(dice)).collect()
    }
}

/// A string that the pattern matches.
fn matching(pattern: &str, dice: &mut Rng) -> String {
    let mut text = String::new();
    if let Ok(hir) = regex_syntax::parse(pattern) {
        write(&hir, &mut text, dice);
    }
    text
}

fn write(hir: &Hir, text: &mut String, dice: &mut Rng) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let range = dice.choice(class.ranges());
            text.extend(range.map(|range| dice.char(range.start()..=range.end())));
        }
        HirKind::Class(Class::Bytes(class)) => {
            let range = dice.choice(class.ranges());
            text.extend(range.map(|range| char::from(dice.u8(range.start()..=range.end()))));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition
                .max
                .unwrap_or(repetition.min + 4)
                .min(repetition.min + 8);
            for _ in 0..dice.u32(repetition.min..=most) {
                write(&repetition.sub, text, dice);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text, dice),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, text, dice)),
        HirKind::Alternation(arms) => {
            if let Some(arm) = dice.choice(arms) {
                write(arm, text, dice);
            }
        }
    }
}

/// Strings of a format, and some that nearly are.
fn samples(format: &str) -> &'static [&'static str] {
    let known = SAMPLES.iter().find(|(name, _)| *name == format);
    known.map_or(&[""], |(_, samples)| samples)
}

const SAMPLES: [(&str, &[&str]); 10] = [
    (
        "date-time",
        &[
            "2026-01-31T09:30:00Z",
            "2024-02-29t23:59:60.123z",
            "1999-12-31T00:00:00.5+14:00",
            "2000-01-01T00:00:00-00:00",
            "2026-02-29T00:00:00Z",
        ],
    ),
    (
        "date",
        &[
            "2026-01-31",
            "2024-02-29",
            "0000-01-01",
            "9999-12-31",
            "2023-02-29",
        ],
    ),
    (
        "time",
        &[
            "09:30:00Z",
            "23:59:60Z",
            "00:00:00.000001+05:30",
            "24:00:00Z",
        ],
    ),
    (
        "duration",
        &["P1DT12H", "PT0S", "P3W", "P1Y2M3D", "PT36H", "P1Y1D"],
    ),
    (
        "email",
        &[
            "ada@example.com",
            "a.b+c@d.example.com",
            "x@localhost",
            "a@example..com",
        ],
    ),
    (
        "hostname",
        &[
            "example.com",
            "localhost",
            "a-b.c",
            "1.2.3",
            "-a.b",
            "xn--a",
        ],
    ),
    (
        "ipv4",
        &[
            "192.0.2.1",
            "0.0.0.0",
            "255.255.255.255",
            "256.0.0.1",
            "01.2.3.4",
        ],
    ),
    (
        "ipv6",
        &[
            "2001:db8::1",
            "::",
            "::ffff:192.0.2.1",
            "1:2:3:4:5:6:7:8",
            "1::2::3",
        ],
    ),
    (
        "uuid",
        &[
            "67e55044-10b1-426f-9247-bb680e5fe0c8",
            "00000000-0000-0000-0000-000000000000",
            "67E55044-10B1-426F-9247-BB680E5FE0C8",
            "67e5504410b1426f9247bb680e5fe0c8",
        ],
    ),
    (
        "uri",
        &[
            "https://example.com/path?query=1",
            "http://[2001:db8::1]:80/#a",
            "mailto:ada@example.com",
            "https://exa mple.com",
            "//example.com",
        ],
    ),
];
