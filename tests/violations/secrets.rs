//! Secrets stay out of everything that is said about params.

use enact::Violations;
use serde_json::{Value, json};

use super::refusal;

/// What must never be seen.
const SECRET: &str = "hunter2";

/// A valid value with no secret given.
fn valid() -> Value {
    json!({ "login": { "user": "ada", "word": "1234" } })
}

fn with(key: &str, value: Value) -> Value {
    let mut all = valid();
    all[key] = value;
    all
}

/// Everything that is ever made of violations.
fn said(found: &Violations) -> String {
    let json = serde_json::to_string(found).expect("violations are JSON");
    format!("{found}\n{found:?}\n{json}\n{}", found.for_model())
}

#[track_caller]
fn keeps_quiet(input: Value) {
    let shown = input.to_string();
    assert!(shown.contains(SECRET), "there is no secret in {shown}");
    let said = said(&refusal("secrets", input));
    assert!(!said.contains(SECRET), "for {shown}\n{said}");
}

#[test]
fn secrets_that_break_a_rule_are_not_told() {
    keeps_quiet(with("top", json!(SECRET)));
    keeps_quiet(with("login", json!({ "user": "", "word": [SECRET] })));
    keeps_quiet(with(
        "login",
        json!({ "user": "ada", "pass": { "word": SECRET } }),
    ));
    keeps_quiet(with("proof", json!({ "Token": SECRET })));
    keeps_quiet(with("list", json!([SECRET, SECRET])));
    keeps_quiet(with("list", json!(SECRET)));
    keeps_quiet(with("list", json!([{ "hunter2": 1 }])));
    keeps_quiet(with("pin", json!(SECRET)));
}

#[test]
fn the_values_that_a_secret_may_have_are_not_told() {
    let said = said(&refusal("secrets", with("top", json!("sword"))));
    assert!(
        !said.contains("swordfish") && !said.contains("xyzzy"),
        "{said}"
    );
}

#[test]
fn secrets_under_the_wrong_type_are_not_told() {
    keeps_quiet(json!(SECRET));
    keeps_quiet(json!([SECRET]));
    keeps_quiet(with("login", json!(SECRET)));
    keeps_quiet(with("login", json!([SECRET])));
    keeps_quiet(with("proof", json!(SECRET)));
    keeps_quiet(with("proof", json!({ "Login": SECRET })));
    keeps_quiet(with("key", json!(SECRET)));
    keeps_quiet(with("logins", json!(SECRET)));
    keeps_quiet(with("logins", json!({ "ada": SECRET })));
    keeps_quiet(with("map", json!(SECRET)));
}

#[test]
fn secrets_in_a_variant_without_a_name_are_not_told() {
    keeps_quiet(with("key", json!({ "key": SECRET })));
    keeps_quiet(with("key", json!({ "key": [SECRET] })));
    keeps_quiet(with("key", json!({ "kee": SECRET })));
}

#[test]
fn secrets_in_maps_are_not_told_nor_are_their_keys() {
    keeps_quiet(with("map", json!({ "a": [SECRET] })));
    keeps_quiet(with("map", json!({ SECRET: 1 })));
    keeps_quiet(with(
        "logins",
        json!({ "ada": { "user": "ada", "word": [SECRET] } }),
    ));
}

#[test]
fn secrets_under_a_name_that_is_not_known_are_not_told() {
    keeps_quiet(with("tip", json!(SECRET)));
    keeps_quiet(with("login", json!({ "user": "ada", "wordd": SECRET })));
    keeps_quiet(with("proof", json!({ "Tokn": SECRET })));
}

#[test]
fn secrets_that_are_given_twice_are_not_told() {
    keeps_quiet(with(
        "login",
        json!({ "user": "ada", "word": "hunter22", "pass": SECRET }),
    ));
}

#[test]
fn what_is_harmless_beside_a_secret_is_told() {
    let found = refusal(
        "secrets",
        with(
            "login",
            json!({ "user": "ada of the longest name", "word": "1234" }),
        ),
    );
    assert_eq!(
        found.to_string(),
        "/login/user: found 23 characters; allowed: 1 to 10 characters [len]"
    );
}

#[test]
fn values_in_memory_keep_quiet_too() {
    let shape = enact_tests::shapes()
        .into_iter()
        .find(|shape| shape.name == "secrets");
    let typed = shape.expect("the secrets are among the shapes").typed;
    for input in [
        with("top", json!(SECRET)),
        with("proof", json!({ "Token": SECRET })),
        with("list", json!([SECRET, SECRET])),
        with("map", json!({ "HUNTER2": SECRET })),
        with("logins", json!({ "ada": { "user": "ada", "word": "x" } })),
    ] {
        let (_, verdict) = typed(input).expect("serde can build it");
        let said = said(&verdict.expect_err("a rule is broken"));
        assert!(!said.to_lowercase().contains(SECRET), "{said}");
        assert!(!said.contains("swordfish"), "{said}");
    }
}

#[test]
fn logs_show_neither_secrets_nor_what_is_personal() {
    let shape = enact_tests::shapes()
        .into_iter()
        .find(|shape| shape.name == "secrets");
    let input = json!({
        "top": "swordfish",
        "login": { "user": "ada", "word": SECRET },
        "proof": { "Token": "t-hunter2" },
        "key": { "key": "hunter2hunter2" },
        "map": { "hunter": SECRET },
        "logins": { "a": { "user": "bob", "word": SECRET } },
        "list": ["hunter2"],
        "pin": 424_242,
        "mail": "ada@example.com",
    });
    let logged = (shape.expect("the secrets are among the shapes").logged)(input);
    let expected = json!({
        "top": "[secret]",
        "login": { "user": "[name]", "word": "[secret]" },
        "proof": { "Token": "[secret]" },
        "key": { "key": "[secret]" },
        "map": "[secret]",
        "logins": { "a": { "user": "[name]", "word": "[secret]" } },
        "list": "[secret]",
        "pin": "[secret]",
        "mail": "[email]",
    });
    assert_eq!(logged.expect("nothing is wrong with it"), expected);
}
