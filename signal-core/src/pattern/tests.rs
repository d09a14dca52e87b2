//! What the grammar's own tests leave open: texts, order, serde.

use std::cmp::Ordering;

use serde_json::json;

use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).expect("it is one")
}

/// The rule, read aloud: from the left, the first difference decides.
fn compared(one: &str, other: &str) -> Ordering {
    let class = |segment: Option<&str>| match segment {
        Some("*") => 1,
        None => 2,
        Some("**") => 3,
        Some(_) => 0,
    };
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    loop {
        let pair = (one.next(), other.next());
        match class(pair.0).cmp(&class(pair.1)) {
            Ordering::Equal if pair == (None, None) => return Ordering::Equal,
            Ordering::Equal => (),
            different => return different,
        }
    }
}

#[test]
fn the_first_difference_from_the_left_decides() {
    let prefixes = ["", "a.", "*.", "a.**."].map(str::to_owned);
    let long = [26, 27, 28, 29, 60].map(|length| "a.".repeat(length));
    let ends = [
        "a", "*", "**", "a.b", "a.*", "a.**", "*.a", "*.**.a", "**.a",
    ];
    let prefixes = prefixes.iter().chain(&long);
    let patterns: Vec<_> = prefixes
        .flat_map(|prefix| ends.map(|end| format!("{prefix}{end}")))
        .filter(|text| Pattern::new(text).is_ok())
        .collect();
    for one in &patterns {
        for other in &patterns {
            let found = pattern(one)
                .specificity()
                .cmp(&pattern(other).specificity());
            assert_eq!(found, compared(one, other), "{one} and {other}");
        }
    }
}

#[test]
fn serde_reads_strings_and_refuses_what_is_malformed() {
    let read: Pattern = serde_json::from_value(json!("order.**")).expect("it is one");
    assert_eq!(
        serde_json::to_value(&read).expect("it is text"),
        json!("order.**")
    );
    let created: SignalType = serde_json::from_value(json!("order.created")).expect("it is one");
    assert_eq!(
        serde_json::to_value(&created).expect("it is text"),
        json!("order.created")
    );
    let refused = serde_json::from_value::<SignalType>(json!("order.*")).expect_err("a star");
    assert!(refused.to_string().contains("`*` has a star"), "{refused}");
    let refused = serde_json::from_value::<Pattern>(json!(1)).expect_err("a number");
    assert!(
        refused.to_string().contains("expected a pattern"),
        "{refused}"
    );
}

#[test]
fn fixed_and_read_texts_are_the_same() {
    const FIXED: Pattern = Pattern::__checked("order.**");
    assert_eq!(FIXED, pattern("order.**"));
    assert_eq!(
        format!("{FIXED} {FIXED:?}"),
        r#"order.** Pattern("order.**")"#
    );
    let created = SignalType::__checked("order.created");
    assert_eq!(created, "order.created");
    assert!(FIXED.matches(&created));
    assert!(Pattern::from(created.clone()).matches(&created));
}

/// Types that the closest peer routes, and that can't be made here.
#[test]
fn degenerate_types_can_not_be_made() {
    for text in [
        "user.created.",
        "",
        "user.",
        "user.*",
        ".created",
        "*",
        "audit.",
    ] {
        assert!(SignalType::new(text).is_err(), "{text:?}");
    }
}

#[test]
fn an_error_is_short_however_long_the_text() {
    let error = Pattern::new("é\n".repeat(1 << 20)).expect_err("too long");
    assert!(error.to_string().len() < 400, "{error}");
    assert_eq!(error.code(), "signal.malformed_pattern");
}
