//! The published schema: what `check` accepts it accepts, and what is malformed it refuses.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{accepted, check, plan, whole};
use crate::Plan;

fn schema() -> Validator {
    jsonschema::validator_for(Plan::schema()).expect("the schema is one")
}

fn good() -> Vec<Value> {
    let quote = json!({ "step": "q", "action": "shop_quote", "params": { "address": "a", "method": "express" } });
    vec![
        whole(),
        plan(&json!([])),
        plan(&json!([quote])),
        plan(&json!([{ "step": "l", "action": "shop_label",
            "params": { "sku": "a", "meta": { "literal": 1, "more": [{ "literal": { "ref": 1 } }] } } }])),
        plan(
            &json!([{ "step": "l", "action": "shop_label", "params": { "literal": { "sku": "a" } } }]),
        ),
        plan(
            &json!([{ "branch": "b", "when": [{ "if": { "in": [1, [{ "ref": "/params" }]] } }], "else": {} }]),
        ),
        plan(
            &json!([quote, { "for_each": "f", "in": [[1], [2]], "collect": true, "do": [
            { "for_each": "g", "in": { "ref": "/item" }, "do": [{ "sleep": "1h 30m5s" }],
              "answer": [{ "ref": "/items/f/0" }, { "ref": "/items/g" }, { "ref": "/item" }] }
        ] }]),
        ),
        plan(&json!([{ "stop": { "literal": { "ref": 5 } } }])),
        json!({ "enact": 1, "name": "x", "saga": true, "steps": [quote] }),
    ]
}

fn bad() -> Vec<Value> {
    let step = |step: Value| plan(&json!([step]));
    let quote = json!({ "step": "q", "action": "shop_quote", "params": { "address": "a", "method": "express" } });
    let with = |key: &str, value: Value| {
        let mut with = quote.clone();
        with[key] = value;
        step(with)
    };
    vec![
        json!([]),
        json!({ "enact": 1, "name": "x" }),
        json!({ "enact": 2, "name": "x", "steps": [] }),
        json!({ "enact": 1, "name": "1x", "steps": [] }),
        json!({ "enact": 1, "name": "x", "saga": "yes", "steps": [] }),
        json!({ "enact": 1, "name": "x", "steps": [], "step": [] }),
        json!({ "enact": 1, "name": "x", "steps": [], "params": { "a": { "type": "int" } } }),
        json!({ "enact": 1, "name": "x", "steps": [], "answer": { "ref": "steps" } }),
        step(json!({})),
        step(json!({ "sleep": "1s", "stop": 1 })),
        step(json!({ "sleep": "1.5s" })),
        step(json!({ "step": "q" })),
        step(json!({ "step": "a b", "action": "shop_quote" })),
        with("timeout", json!("5")),
        with("retry", json!({ "times": 0 })),
        with("retry", json!({ "times": 2, "wait": "1s" })),
        with("params", json!(5)),
        with(
            "params",
            json!({ "address": { "ref": "/params/a", "defualt": 1 }, "method": "express" }),
        ),
        with(
            "params",
            json!({ "address": { "ref": 5 }, "method": "express" }),
        ),
        step(json!({ "parallel": "p", "arms": [[quote]] })),
        step(json!({ "parallel": "p", "arms": [[quote], []] })),
        step(json!({ "for_each": "f", "in": [], "max": 0, "do": [] })),
        step(json!({ "for_each": "f", "in": [] })),
        step(json!({ "branch": "b", "when": [] })),
        step(json!({ "branch": "b", "when": [{ "then": [] }] })),
        step(json!({ "branch": "b", "when": [{ "if": { "eq": [1] } }] })),
        step(json!({ "branch": "b", "when": [{ "if": { "eq": [1, 2], "ne": [1, 2] } }] })),
        step(json!({ "branch": "b", "when": [{ "if": { "all": [] } }] })),
        step(json!({ "branch": "b", "when": [{ "if": "yes" }] })),
        step(
            json!({ "branch": "b", "when": [{ "if": { "exists": { "ref": "/item", "default": 1 } } }] }),
        ),
    ]
}

#[test]
fn it_accepts_what_check_accepts() {
    let schema = schema();
    for plan in good() {
        accepted(&plan);
        if let Err(error) = schema.validate(&plan) {
            panic!("{plan}\n{error} at {}", error.instance_path());
        }
    }
}

#[test]
fn it_refuses_what_is_malformed_and_so_does_check() {
    let schema = schema();
    for plan in bad() {
        assert!(check(&plan).is_err(), "check accepts {plan}");
        assert!(!schema.is_valid(&plan), "the schema accepts {plan}");
    }
}

/// Every value of a good plan in turn is replaced and taken out: whatever `check` still accepts,
/// the schema accepts too.
#[test]
fn it_accepts_what_check_accepts_of_mutants() {
    let schema = schema();
    let (mut still, mut all) = (0, 0);
    for plan in good() {
        for mutant in mutants(&plan) {
            all += 1;
            if check(&mutant).is_ok() {
                still += 1;
                assert!(schema.is_valid(&mutant), "{mutant}");
            }
        }
    }
    assert!(still > 50 && all > 500, "{still} of {all}");
}

fn mutants(plan: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    gather(plan, String::new(), &mut places);
    let news = [
        json!(null),
        json!(0),
        json!("x"),
        json!([]),
        json!({}),
        json!(true),
        json!({ "literal": 1 }),
    ];
    let mut all = Vec::new();
    for place in places {
        for new in &news {
            let mut mutant = plan.clone();
            *mutant.pointer_mut(&place).expect("it is there") = new.clone();
            all.push(mutant);
        }
        let (outer, key) = place.rsplit_once('/').unwrap_or_default();
        let mut mutant = plan.clone();
        match mutant.pointer_mut(outer).expect("it is there") {
            Value::Object(map) => drop(map.remove(key)),
            Value::Array(list) => drop(list.pop()),
            _ => {}
        }
        all.push(mutant);
    }
    all
}

fn gather(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter()
                .for_each(|(key, inner)| gather(inner, format!("{place}/{key}"), places));
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(i, inner)| gather(inner, format!("{place}/{i}"), places));
        }
        _ => {}
    }
    places.push(place);
}
