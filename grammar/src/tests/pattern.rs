//! Portable patterns against the `pattern` keyword.

use proptest::prelude::*;
use serde_json::json;

use super::{for_all, near, validator};
use crate::{
    pattern::Pattern,
    portable::{check_portable, write_out},
};

#[test]
fn shorthands_are_written_out() {
    let check = |source: &str, published: &str| {
        assert_eq!(write_out(source).as_deref(), Ok(published));
    };
    check(r"^\d{2,3}?[\w.-]+$", "^[0-9]{2,3}?[0-9A-Za-z_.-]+$");
    check(
        r"(?:a|\D).\W",
        r"(?:a|[^0-9])[^\n\r\u2028\u2029][^0-9A-Za-z_]",
    );
    check(
        r"[^\s-]\S",
        r"[^\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff-][^\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]",
    );
    check(r"\x41\u0042\t\/\^[\-\]]é", r"\x41\u0042\t\/\^[\-\]]é");
    check("", "");
}

#[test]
fn what_differs_between_engines_is_refused_by_name() {
    for (pattern, piece) in [
        ("a(?=b)", "(?="),
        ("(?<!a)b", "(?<!"),
        (r"(a)\1", r"\1"),
        (r"\0", r"\0"),
        ("(?i)a", "(?i)"),
        ("(?i:a)", "i"),
        ("(?P<n>a)", "n"),
        ("(?<n>a)", "n"),
        (r"\Aa", r"\A"),
        (r"a\z", r"\z"),
        (r"a\Z", r"\Z"),
        (r"\h", r"\h"),
        (r"\pL", r"\pL"),
        (r"\p{L}", r"\p{L}"),
        (r"[\p{L}]", r"\p{L}"),
        (r"\ba", r"\b"),
        (r"\B", r"\B"),
        (r"\b{start}a", r"\b{start}"),
        (r"\<a", r"\<"),
        ("[[:alpha:]]", "[:alpha:]"),
        ("[a&&b]", "a&&b"),
        ("[a--b]", "a--b"),
        ("[a~~b]", "a~~b"),
        ("[a[b]]", "[b]"),
        (r"\x{41}", r"\x{41}"),
        (r"\u{41}", r"\u{41}"),
        (r"\U00000041", r"\U00000041"),
        (r"\a", r"\a"),
        (r"\cA", r"\c"),
        (r"\-", r"\-"),
        (r"\#", r"\#"),
        ("a]", "]"),
        ("a}", "}"),
        ("[]a]", "]"),
        ("[a-c-e]", "-"),
        (r"[\S]", r"\S"),
        ("a{,3}", "{"),
        ("a{ 2}", "{ 2}"),
        ("a**", "*"),
        ("^*", "*"),
        ("(?:|$)+", "+"),
    ] {
        let error = check_portable(pattern).expect_err(pattern);
        let text = error.to_string();
        let start = format!("`{piece}` at byte ");
        let at = text
            .strip_prefix(&start)
            .and_then(|rest| rest.split_once(' '));
        let at = at
            .and_then(|(at, _)| at.parse::<usize>().ok())
            .expect(&text);
        assert!(pattern[at..].starts_with(piece), "{text}");
    }
}

#[test]
fn an_error_says_what_to_write_instead() {
    let text = |pattern: &str| Pattern::new(pattern).expect_err(pattern).to_string();
    assert_eq!(
        text("x{,3}"),
        r"`{` at byte 1 is no repetition: write `{2}`, `{2,}`, `{2,5}`, or `\{` for a brace"
    );
    assert_eq!(
        text(r"(\w{1000}){1000}"),
        r"`(\w{1000}){1000}` is too large: bound the string's length instead of repeating so often"
    );
    assert_eq!(
        text("a("),
        "`(` at byte 1 is not a regular expression: unclosed group"
    );
}

#[test]
fn the_source_is_kept_and_the_published_text_is_portable() {
    let pattern = Pattern::new(r"^\s.$").expect("the pattern is portable");
    assert_eq!(pattern.source(), r"^\s.$");
    assert_eq!(
        write_out(pattern.published()).as_deref(),
        Ok(pattern.published())
    );
    assert!(pattern.is_match("\u{feff}é"));
    assert!(!pattern.is_match(" \n"));
    assert!(!pattern.is_match(" a\n"));
}

/// Portable patterns, put together from their parts.
fn patterns() -> impl Strategy<Value = String> {
    let atoms = r"a b é 😀 0 _ - / . \. \/ \n \t \r \v \f \d \w \s \D \W \S \x61 \u00e9 \u2028
        \{ \} \] [a-c] [^a-c] [\d_-] [-\w.] [^\s] [\s-] [\^a] [a^] [\]\[] [\-a] [😀-😂] [\w\d]
        [^\d\s] [\n-\r] [\\] [a&b] [a|b] [é] ^ $";
    let atoms: Vec<&str> = atoms.split_whitespace().chain(["", " "]).collect();
    let leaf = prop::sample::select(atoms).prop_map(str::to_owned);
    leaf.prop_recursive(4, 12, 4, |inner| {
        let suffixes = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?"]);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            1 => prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| format!("({})", parts.join("|"))),
            1 => inner.clone().prop_map(|part| format!("^{part}$")),
            2 => (inner, suffixes).prop_map(|(part, suffix)| format!("(?:{part}){suffix}")),
        ]
    })
}

/// Strings that the patterns above are about.
const TEXTS: &[&str] = &[
    "",
    "a",
    "ab",
    "aé0_",
    "a b\t",
    "\u{feff}\u{2028}x",
    "😀😁",
    "a\r\n",
    "0-9.",
    "\u{b}\u{c}\u{85}\u{a0}",
    "[]\\^{}/",
    "٣ß",
];

#[test]
fn published_patterns_agree() {
    let texts = prop::collection::vec(near(TEXTS, "ab0_-.\n\r\t \u{2028}é😀[]^\u{a0}\u{180e}٣"), 8);
    for_all(&(patterns(), texts), |(source, texts)| {
        // Only what repeats nothing but places may have come out wrong.
        let Ok(pattern) = Pattern::new(&source) else {
            let error = check_portable(&source).expect_err(&source).to_string();
            prop_assert!(error.contains("without characters"), "{}", error);
            return Ok(());
        };
        let oracle = validator(&json!({ "pattern": pattern.published() }));
        for text in texts {
            let expected = oracle.is_valid(&json!(text));
            prop_assert_eq!(
                pattern.is_match(&text),
                expected,
                "{} on {:?}",
                source,
                text
            );
        }
        Ok(())
    });
}

#[test]
fn whatever_is_called_portable_is_taken_by_the_oracle() {
    let seeds = &[
        r"^[a-z_]+$",
        r"^\d{3}-\w+\.(?:x|y)?$",
        r"[^\s\]-]{1,5}",
        r"(\u00e9|\x41)*?",
        r"a+b?[0-9.-]$",
    ];
    let texts = prop::collection::vec(near(TEXTS, "abxyAZ019-._é \n"), 4);
    for_all(
        &(
            near(seeds, r"^$\.*+?()[]{}|/-,=!<>:&~#dwsDSWbBAzZpPuxnrtc01é"),
            texts,
        ),
        |(source, texts)| {
            let Ok(pattern) = Pattern::new(&source) else {
                return Ok(());
            };
            prop_assert_eq!(
                write_out(pattern.published()),
                Ok(pattern.published().to_owned())
            );
            let schema = json!({ "format": "regex" });
            prop_assert!(
                validator(&schema).is_valid(&json!(source)),
                "{:?} is no ECMA-262",
                source
            );
            let oracle = validator(&json!({ "pattern": pattern.published() }));
            for text in texts {
                prop_assert_eq!(
                    pattern.is_match(&text),
                    oracle.is_valid(&json!(text)),
                    "{} on {:?}",
                    source,
                    text
                );
            }
            Ok(())
        },
    );
}
