//! Mistakes are planted, each alone, every two together, and all at once: all are found, each at
//! its place, and nothing else is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{plan, refused};

/// Statements, and where in them which mistakes are.
struct Plant {
    statements: Value,
    mistakes: &'static [(&'static str, &'static str)],
}

fn plant(statements: Value, mistakes: &'static [(&'static str, &'static str)]) -> Plant {
    Plant {
        statements,
        mistakes,
    }
}

fn step(name: &str, action: &str, params: &Value) -> Value {
    json!({ "step": name, "action": action, "params": params })
}

fn shapes() -> Vec<Plant> {
    vec![
        plant(json!([5]), &[("/0", "plan.shape")]),
        plant(json!([{ "note": "?" }]), &[("/0", "plan.missing")]),
        plant(
            json!([{ "setp": "a1", "action": "shop_quote" }]),
            &[("/0/setp", "plan.unknown_key")],
        ),
        plant(
            json!([{ "sleep": "1s", "stop": 1 }]),
            &[("/0", "plan.shape")],
        ),
        plant(json!([{ "sleep": "soon" }]), &[("/0/sleep", "plan.shape")]),
        plant(json!([{ "step": "a2" }]), &[("/0/action", "plan.missing")]),
        plant(
            json!([{ "step": "a b", "action": "shop_pay", "params": { "payment": { "kind": "cash", "cents": 1 } } }]),
            &[("/0/step", "plan.shape")],
        ),
        plant(
            json!([{ "step": "a3", "action": "shop_quote", "parms": { "method": "express" },
                     "params": { "address": "x", "method": "express" } }]),
            &[("/0/parms", "plan.unknown_key")],
        ),
        plant(
            json!([{ "step": "a4", "action": "shop_quote", "timeout": 5, "retry": { "times": 0 },
                     "params": { "address": "x", "method": "express" } }]),
            &[
                ("/0/timeout", "plan.shape"),
                ("/0/retry/times", "plan.shape"),
            ],
        ),
        plant(
            json!([{ "for_each": "a5", "in": [], "max": 257, "do": [] }]),
            &[("/0/max", "plan.shape")],
        ),
        plant(
            json!([{ "parallel": "a6", "arms": [[]] }]),
            &[("/0/arms", "plan.shape"), ("/0/arms/0", "plan.shape")],
        ),
        plant(
            json!([{ "branch": "a7", "when": [{ "if": { "equal": [1, 2] } }] }]),
            &[("/0/when/0/if/equal", "plan.unknown_key")],
        ),
        plant(
            json!([{ "branch": "a8", "when": [{ "if": { "gt": [{ "ref": "/steps/base/cents" }] } }] }]),
            &[("/0/when/0/if/gt", "plan.shape")],
        ),
    ]
}

fn names() -> Vec<Plant> {
    vec![
        plant(
            json!([step(
                "base",
                "shop_quote",
                &json!({ "address": "x", "method": "express" })
            )]),
            &[("/0/step", "plan.duplicate")],
        ),
        plant(
            json!([step("b1", "shop_qoute", &json!({}))]),
            &[("/0/action", "plan.unknown_action")],
        ),
        plant(
            json!([step(
                "b2",
                "shop_label",
                &json!({ "sku": { "ref": "/steps/bass/cents" } })
            )]),
            &[("/0/params/sku/ref", "plan.unknown_ref")],
        ),
        plant(
            json!([step(
                "b3",
                "shop_label",
                &json!({ "sku": { "ref": "/params/none" } })
            )]),
            &[("/0/params/sku/ref", "plan.unknown_ref")],
        ),
        plant(
            json!([step(
                "b4",
                "shop_label",
                &json!({ "sku": { "ref": "/item" } })
            )]),
            &[("/0/params/sku/ref", "plan.unknown_ref")],
        ),
        plant(
            json!([step(
                "b5",
                "shop_label",
                &json!({ "sku": { "ref": "/step/base" } })
            )]),
            &[("/0/params/sku/ref", "plan.unknown_ref")],
        ),
        plant(
            json!([step(
                "b6",
                "shop_label",
                &json!({ "sku": { "ref": "base" } })
            )]),
            &[("/0/params/sku/ref", "plan.shape")],
        ),
    ]
}

fn places() -> Vec<Plant> {
    vec![
        plant(
            json!([step(
                "b7",
                "shop_label",
                &json!({ "sku": { "ref": "/steps/b7/url" } })
            )]),
            &[("/0/params/sku/ref", "plan.later")],
        ),
        plant(
            json!([
                step(
                    "b8",
                    "shop_label",
                    &json!({ "sku": { "ref": "/steps/b9/url" } })
                ),
                step(
                    "b9",
                    "shop_label",
                    &json!({ "sku": { "ref": "/steps/b8/url" } })
                ),
            ]),
            &[("/0/params/sku/ref", "plan.later")],
        ),
        plant(
            json!([{ "parallel": "c1", "arms": [
                [step("c2", "shop_label", &json!({ "sku": "a" }))],
                [step("c3", "shop_label", &json!({ "sku": { "ref": "/steps/c2/url" } }))]
            ] }]),
            &[("/0/arms/1/0/params/sku/ref", "plan.beside")],
        ),
        plant(
            json!([{ "branch": "c4",
                "when": [{ "if": { "eq": [{ "ref": "/steps/base/cents" }, 5] },
                           "then": [step("c5", "shop_label", &json!({ "sku": "a" }))] }],
                "else": { "answer": { "ref": "/steps/c5/url" } } }]),
            &[("/0/else/answer/ref", "plan.beside")],
        ),
        plant(
            json!([
                { "for_each": "c6", "in": [1], "do": [step("c7", "shop_label", &json!({ "sku": "a" }))] },
                step("c8", "shop_label", &json!({ "sku": { "ref": "/steps/c7/url" } })),
            ]),
            &[("/1/params/sku/ref", "plan.inside")],
        ),
    ]
}

fn values() -> Vec<Plant> {
    vec![
        plant(
            json!([step(
                "d1",
                "shop_quote",
                &json!({ "adress": { "ref": "/steps/base/cents" }, "method": "slow" })
            )]),
            &[
                ("/0/params/adress", "plan.param"),
                ("/0/params/method", "plan.param"),
                ("/0/params/address", "plan.param"),
            ],
        ),
        plant(
            json!([{ "step": "d2", "action": "shop_label" }]),
            &[("/0/params/sku", "plan.param")],
        ),
        plant(
            json!([step(
                "d3",
                "shop_label",
                &json!({ "sku": { "ref": "/steps/base/cents" } })
            )]),
            &[("/0/params/sku/ref", "plan.type")],
        ),
        plant(
            json!([step(
                "d4",
                "shop_charge",
                &json!({ "cents": { "ref": "/steps/base/dollars" }, "to": "bob" })
            )]),
            &[
                ("/0/params/cents/ref", "plan.absent"),
                ("/0/params/to", "plan.param"),
            ],
        ),
    ]
}

fn defaults() -> Vec<Plant> {
    vec![
        plant(
            json!([step(
                "d5",
                "shop_charge",
                &json!({ "cents": 5, "to": "acc-0" })
            )]),
            &[("/0/params", "plan.param")],
        ),
        plant(
            json!([step(
                "d6",
                "shop_charge",
                &json!({ "cents": { "ref": "/steps/base/cents", "default": 0 }, "to": "acc-1" })
            )]),
            &[("/0/params/cents/default", "plan.param")],
        ),
        plant(
            json!([step(
                "d7",
                "shop_label",
                &json!({ "sku": { "literal": { "ref": "x" } } })
            )]),
            &[("/0/params/sku/literal", "plan.param")],
        ),
    ]
}

fn types() -> Vec<Plant> {
    vec![
        plant(
            json!([{ "for_each": "d8", "in": { "ref": "/steps/base/cents" }, "do": [] }]),
            &[("/0/in", "plan.type")],
        ),
        plant(
            json!([{ "branch": "d9", "when": [
                { "if": { "lt": [{ "ref": "/steps/base/cents" }, "5"] } },
                { "if": { "ref": "/steps/base/cents" } }
            ] }]),
            &[
                ("/0/when/0/if/lt", "plan.type"),
                ("/0/when/1/if", "plan.type"),
            ],
        ),
        plant(
            json!([{ "step": "e1", "action": "shop_charge", "params": { "cents": 1, "to": "acc-1" },
                     "retry": { "times": 2 } }]),
            &[("/0/retry", "plan.retry")],
        ),
        plant(
            json!([{ "branch": "e2", "when": [
                { "if": false, "then": [] },
                { "if": { "any": [{ "ref": "/steps/base/cents" }, { "lt": [1, 2] }] } },
                { "if": { "exists": { "ref": "/steps/base" } } }
            ], "else": {} }]),
            &[
                ("/0/when/0/if", "plan.unreachable"),
                ("/0/when/1/if/any/0", "plan.type"),
                ("/0/when/2", "plan.unreachable"),
                ("/0/else", "plan.unreachable"),
            ],
        ),
    ]
}

fn stops() -> Vec<Plant> {
    vec![
        plant(
            json!([{ "parallel": "e3", "arms": [[{ "stop": 1 }], [{ "sleep": "1s" }]] }]),
            &[("/0/arms/0/0", "plan.stop")],
        ),
        plant(
            json!([{ "branch": "e4", "when": [{ "if": { "eq": [{ "ref": "/steps/base/cents" }, 1] },
                     "then": [{ "stop": 1 }, { "sleep": "1s" }], "answer": 5 }] }]),
            &[
                ("/0/when/0/then/1", "plan.unreachable"),
                ("/0/when/0/answer", "plan.unreachable"),
            ],
        ),
    ]
}

fn check(plants: &[&Plant]) {
    let base = step(
        "base",
        "shop_quote",
        &json!({ "address": "x", "method": "standard" }),
    );
    let mut steps = vec![base];
    let mut expected = BTreeSet::new();
    for plant in plants {
        for (pointer, code) in plant.mistakes {
            let mut tokens = pointer.splitn(3, '/').skip(1);
            let index: usize = tokens.next().and_then(|index| index.parse().ok()).unwrap();
            let rest = tokens
                .next()
                .map(|rest| format!("/{rest}"))
                .unwrap_or_default();
            expected.insert((
                format!("/steps/{}{rest}", steps.len() + index),
                (*code).to_owned(),
            ));
        }
        steps.extend(plant.statements.as_array().unwrap().iter().cloned());
    }
    let steps = Value::Array(steps);
    let found: Vec<_> = refused(&plan(&steps));
    assert_eq!(found.len(), expected.len(), "{found:#?}\n{expected:#?}");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}

fn plants() -> Vec<Plant> {
    [
        shapes(),
        names(),
        places(),
        values(),
        defaults(),
        types(),
        stops(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_mistake_alone_is_found_at_its_place() {
    let plants = plants();
    assert!(plants.len() >= 25);
    for plant in &plants {
        check(&[plant]);
    }
}

#[test]
fn two_mistakes_do_not_hide_each_other() {
    let plants = plants();
    for (index, first) in plants.iter().enumerate() {
        for second in &plants[index + 1..] {
            check(&[first, second]);
            check(&[second, first]);
        }
    }
}

#[test]
fn all_mistakes_at_once_are_found() {
    let plants = plants();
    check(&plants.iter().collect::<Vec<_>>());
    check(&plants.iter().rev().collect::<Vec<_>>());
}
