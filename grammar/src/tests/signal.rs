//! Types and patterns against a regular expression as oracle.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use regex::Regex;

use super::{for_all, near};
use crate::signal::{
    MAX_BYTES, MAX_SEGMENTS, MistakeKind, Name, Segment, check, check_pattern, check_type, matches,
    mistakes, segments,
};

const SEEDS: &[&str] = &[
    "a",
    "order.created",
    "a.b.c.d",
    "*",
    "**",
    "a.*",
    "a.**.b",
    "**.*.**",
    "A-1_b.z",
];

fn bounded(text: &str) -> bool {
    text.len() <= MAX_BYTES && text.split('.').count() <= MAX_SEGMENTS
}

#[test]
fn types_are_what_their_regular_expression_says() {
    let types = Regex::new(r"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z").expect("it is one");
    for_all(&near(SEEDS, "aZ9_-.* /é\n"), |text| {
        let wanted = types.is_match(&text) && bounded(&text);
        prop_assert_eq!(check_type(&text).is_ok(), wanted, "{:?}", text);
        Ok(())
    });
}

#[test]
fn patterns_are_what_their_regular_expression_says() {
    let patterns =
        Regex::new(r"\A([A-Za-z0-9_-]+|\*\*?)(\.([A-Za-z0-9_-]+|\*\*?))*\z").expect("it is one");
    for_all(&near(SEEDS, "aZ9_-.** /é\n"), |text| {
        let twice = text.split('.').zip(text.split('.').skip(1));
        let twice = twice.into_iter().any(|pair| pair == ("**", "**"));
        let wanted = patterns.is_match(&text) && !twice && bounded(&text);
        prop_assert_eq!(check_pattern(&text).is_ok(), wanted, "{:?}", text);
        Ok(())
    });
}

#[test]
fn mistakes_are_all_those_that_a_check_would_find_one_by_one() {
    for_all(&near(SEEDS, "a.* /é"), |text| {
        for name in [Name::Type, Name::Pattern] {
            let first = mistakes(name, &text).next();
            prop_assert_eq!(first, check(name, &text).err());
            for mistake in mistakes(name, &text) {
                prop_assert!(text.get(mistake.range()).is_some());
                prop_assert!(!mistake.explain(&text).is_empty());
            }
        }
        Ok(())
    });
}

/// What a pattern means, written as the definition: every way to lay the wildcards out.
fn means(pattern: &[Segment<'_>], name: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return name.is_empty();
    };
    match (first, name.split_first()) {
        (Segment::Many, _) => (0..=name.len()).any(|taken| means(rest, &name[taken..])),
        (Segment::One, Some((_, after))) => means(rest, after),
        (Segment::Exact(wanted), Some((found, after))) => wanted == found && means(rest, after),
        (_, None) => false,
    }
}

#[test]
fn a_pattern_stands_for_a_type_if_its_wildcards_can_be_laid_out() {
    let segment = prop::sample::select(vec!["a", "b", "aa", "*", "**"]);
    let names = prop::collection::vec(prop::sample::select(vec!["a", "b", "aa"]), 1..7);
    let both = (prop::collection::vec(segment, 1..6), names);
    for_all(&both, |(pattern, name)| {
        let (pattern, name) = (pattern.join("."), name.join("."));
        prop_assume!(check_pattern(&pattern).is_ok());
        let wanted: Vec<_> = segments(&pattern).collect();
        let given: Vec<_> = name.split('.').collect();
        let expected = means(&wanted, &given);
        prop_assert_eq!(matches(&pattern, &name), expected, "{} {}", pattern, name);
        Ok(())
    });
}

#[test]
fn limits_are_inclusive() {
    let longest = "a".repeat(MAX_BYTES);
    let most = vec!["a"; MAX_SEGMENTS].join(".");
    assert!(check_type(&longest).is_ok() && check_pattern(&most).is_ok());
    let kind = |text: &str| check_type(text).map_err(crate::signal::Mistake::kind);
    assert_eq!(kind(&format!("{longest}a")), Err(MistakeKind::TooLong));
    let many = format!("{most}.a");
    assert_eq!(kind(&many), Err(MistakeKind::TooManySegments));
}

#[track_caller]
fn check_words(name: Name, text: &str, expected: &Expect) {
    let words: Vec<_> = mistakes(name, text)
        .map(|mistake| format!("{}\n", mistake.explain(text)))
        .collect();
    expected.assert_eq(&words.concat());
}

#[test]
fn mistakes_say_what_to_write_instead() {
    check_words(
        Name::Type,
        "",
        &expect![[r"
        a signal type has one segment at least; write one such as `order.created`
    "]],
    );
    check_words(
        Name::Pattern,
        "",
        &expect![[r"
        a pattern has one segment at least; write one such as `order.created`, `order.*` or `order.**`
    "]],
    );
    check_words(
        Name::Type,
        ".a..b.",
        &expect![[r"
        in the signal type `.a..b.`, the segment before the first dot is empty; leave that dot out
        in the signal type `.a..b.`, the segment at byte 3 is empty; write one dot instead of two
        in the signal type `.a..b.`, the segment after the last dot is empty; leave that dot out
    "]],
    );
    check_words(
        Name::Type,
        "a.*.b*",
        &expect![[r"
            in the signal type `a.*.b*`, bytes 2..3, `*` has a star; wildcards are for patterns, so write the segment in full
            in the signal type `a.*.b*`, bytes 4..6, `b*` has a star; wildcards are for patterns, so write the segment in full
        "]],
    );
}

#[test]
fn mistakes_quote_the_bad_part_of_hostile_texts() {
    check_words(
        Name::Pattern,
        "a b.c*.***.**.**.\n",
        &expect![[r"
            in the pattern `a b.c*.***.**.**.\n`, bytes 0..3, `a b` has ' '; segments have letters of A-Z and a-z, digits, `_` and `-`
            in the pattern `a b.c*.***.**.**.\n`, bytes 4..6, `c*` has a star beside other characters; a wildcard is a whole segment, so write `*` alone or the segment in full
            in the pattern `a b.c*.***.**.**.\n`, bytes 7..10, `***` has too many stars; write `*` for one segment or `**` for any number of them
            in the pattern `a b.c*.***.**.**.\n`, bytes 14..16, `**` follows another `**`; one `**` already stands for any number of segments, so leave this one out
            in the pattern `a b.c*.***.**.**.\n`, bytes 17..18, `\n` has '\n'; segments have letters of A-Z and a-z, digits, `_` and `-`
        "]],
    );
    check_words(
        Name::Type,
        "ordér.created",
        &expect![[r"
            in the signal type `ordér.created`, bytes 0..6, `ordér` has 'é'; segments have letters of A-Z and a-z, digits, `_` and `-`
        "]],
    );
    check_words(
        Name::Type,
        &"a.".repeat(127),
        &expect![[r"
        the signal type that begins with `a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.` has 128 segments; write 127 at most
    "]],
    );
    check_words(
        Name::Type,
        &"a".repeat(300),
        &expect![[r"
        the signal type that begins with `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` has 300 bytes; write 255 at most
    "]],
    );
}
