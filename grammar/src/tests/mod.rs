//! Each grammar against the `jsonschema` crate as oracle.
//!
//! `GRAMMAR_CASES` sets how many strings are tried per language; the committed number is small.

mod attribute;
mod format;
mod number;
mod pattern;
mod signal;

use jsonschema::Validator;
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use serde_json::Value;

/// A validator that asserts formats, as the published schema asks for.
fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(schema)
        .expect("the schema of a test compiles")
}

fn cases() -> u32 {
    let cases = std::env::var("GRAMMAR_CASES").ok();
    cases.and_then(|cases| cases.parse().ok()).unwrap_or(512)
}

/// Runs `check` on as many values as were asked for.
fn for_all<S: Strategy>(strategy: &S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(strategy, check);
    assert!(outcome.is_ok(), "{}", outcome.expect_err("it is not Ok"));
}

/// One of `seeds`, with up to three small mistakes made of the characters in `alphabet`.
fn near(seeds: &'static [&'static str], alphabet: &'static str) -> impl Strategy<Value = String> {
    let letters: Vec<char> = alphabet.chars().collect();
    let edit = (
        any::<prop::sample::Index>(),
        0_u8..6,
        select(letters),
        select(seeds),
    );
    (select(seeds), prop::collection::vec(edit, 0..4)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (index, kind, letter, other) in edits {
            let at = index.index(text.len() + 1);
            match kind {
                0 => text.insert(at, letter),
                1 if at < text.len() => text[at] = letter,
                2 if at < text.len() => drop(text.remove(at)),
                3 if at + 1 < text.len() => text.swap(at, at + 1),
                4 if at < text.len() => text.insert(at, text[at]),
                _ => text.splice(at.., other.chars().skip(at)).for_each(drop),
            }
        }
        text.into_iter().collect()
    })
}
