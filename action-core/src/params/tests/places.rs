//! Where a violation of a value in memory is said to be: where the same value stands in JSON.

use serde_json::{Value, json};

use crate::Params;

fn code(code: &str) -> Result<(), &'static str> {
    if code == "x" { Err("it is x") } else { Ok(()) }
}

fn pointers<P: Params>(params: &P) -> Vec<String> {
    let violations = params.validate().unwrap_err();
    violations.iter().map(|it| it.pointer.clone()).collect()
}

/// Each of these is refused as it is, and stands in JSON where the pointers lead.
#[track_caller]
fn check<P: Params>(params: &P, expected: &[(&str, Value)]) {
    let json = serde_json::to_value(params).unwrap();
    let found: Vec<_> = pointers(params)
        .into_iter()
        .map(|pointer| (json.pointer(&pointer).cloned(), pointer))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(pointer, value)| (Some(value.clone()), (*pointer).to_owned()))
        .collect();
    assert_eq!(found, expected, "{json}");
}

/// Checks that are called as the fields are.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Coded {
    Named {
        /// A code.
        #[param(check = code)]
        code: String,
    },
}

#[test]
fn a_check_may_have_the_name_of_its_field() {
    let coded = Coded::Named { code: "x".into() };
    check(&coded, &[("/Named/code", json!("x"))]);
}

/// One variant stands without its name.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Partly {
    Named {
        /// A number.
        #[param(max = 9)]
        number: u8,
    },
    #[serde(untagged)]
    Bare {
        /// A number.
        #[param(max = 9)]
        bare: u8,
    },
    #[serde(untagged)]
    Text(#[param(len = 1..)] String),
}

#[test]
fn a_variant_without_a_tag_adds_no_segment() {
    check(
        &Partly::Named { number: 10 },
        &[("/Named/number", json!(10))],
    );
    check(&Partly::Bare { bare: 10 }, &[("/bare", json!(10))]);
    check(&Partly::Text(String::new()), &[("", json!(""))]);
}

/// Seen through.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(transparent)]
struct Names {
    /// The names.
    #[param(len = 1)]
    all: Vec<String>,
}

/// Seen through beside what is skipped.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(transparent)]
struct Kept(#[serde(skip)] (), #[param(max = 9)] u8);

#[test]
fn a_transparent_struct_adds_no_segment() {
    check(&Names { all: Vec::new() }, &[("", json!([]))]);
    check(&Kept((), 10), &[("", json!(10))]);
}
