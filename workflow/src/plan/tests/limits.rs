//! The limits: each reached and each overstepped.

use serde_json::{Value, json};

use super::{accepted, expect, plan};
use crate::plan::limits::{
    MOST_ARMS, MOST_BYTES, MOST_FOR_EACH, MOST_LEVELS, MOST_MISTAKES, MOST_NODES,
};

fn sleeps(count: usize) -> Value {
    Value::Array(vec![json!({ "sleep": "1s" }); count])
}

#[test]
fn a_plan_has_so_many_statements() {
    accepted(&plan(&sleeps(MOST_NODES)));
    expect(
        &plan(&sleeps(MOST_NODES + 1)),
        &[("/steps/1000", "plan.limit")],
    );
}

#[test]
fn a_plan_has_so_many_bytes() {
    let mut large = plan(&sleeps(1));
    large["description"] = "x".repeat(MOST_BYTES).into();
    expect(&large, &[("", "plan.limit")]);
}

#[test]
fn json_is_so_deep() {
    let deep = (0..MOST_LEVELS).fold(json!(1), |inner, _| json!([inner]));
    expect(&plan(&json!([{ "stop": deep }])), &[("", "plan.limit")]);
    let mut deep = (0..100_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    expect(&deep, &[("", "plan.limit")]);
    // Taken apart from outside, as dropping it whole would overflow the stack.
    while let Value::Array(mut list) = deep {
        deep = list.pop().unwrap();
    }
}

#[test]
fn statements_are_so_deep() {
    let nest = |levels: usize| {
        (0..levels).fold(
            sleeps(1),
            |inner, level| json!([{ "branch": format!("b{level}"), "when": [{ "if": { "exists": { "ref": "/params" } }, "then": inner }] }]),
        )
    };
    accepted(&plan(&nest(16)));
    let place = format!("/steps{}", "/0/when/0/then".repeat(17));
    expect(&plan(&nest(17)), &[(&place, "plan.limit")]);
}

#[test]
fn for_each_is_so_deep() {
    let nest = |levels: usize| {
        (0..levels).fold(
            sleeps(1),
            |inner, level| json!([{ "for_each": format!("each{level}"), "in": [1], "do": inner }]),
        )
    };
    accepted(&plan(&nest(MOST_FOR_EACH)));
    let place = format!("/steps{}", "/0/do".repeat(MOST_FOR_EACH + 1));
    expect(&plan(&nest(MOST_FOR_EACH + 1)), &[(&place, "plan.limit")]);
}

#[test]
fn conditions_are_so_deep() {
    let nest = |levels: usize| {
        let condition = json!({ "exists": { "ref": "/params" } });
        let condition = (1..levels).fold(condition, |inner, _| json!({ "not": inner }));
        plan(&json!([{ "branch": "b", "when": [{ "if": condition }] }]))
    };
    accepted(&nest(16));
    let place = format!("/steps/0/when/0/if{}", "/not".repeat(16));
    expect(&nest(17), &[(&place, "plan.limit")]);
}

#[test]
fn there_are_so_many_arms() {
    let arms = |count: usize| plan(&json!([{ "parallel": "p", "arms": vec![sleeps(1); count] }]));
    accepted(&arms(MOST_ARMS));
    expect(&arms(MOST_ARMS + 1), &[("/steps/0/arms", "plan.limit")]);
}

#[test]
fn params_have_so_many_bytes() {
    let large = json!([{ "step": "s", "action": "shop_label",
        "params": { "sku": "a", "meta": "x".repeat(300_000) } }]);
    expect(&plan(&large), &[("/steps/0/params", "plan.limit")]);
}

#[test]
fn so_many_mistakes_are_listed_and_the_rest_counted() {
    let wrong = Value::Array(vec![json!({ "sleep": "soon" }); MOST_MISTAKES + 7]);
    let mistakes = super::check(&plan(&wrong)).expect_err("there are many");
    assert_eq!(
        (mistakes.len(), mistakes.iter().count()),
        (MOST_MISTAKES + 7, MOST_MISTAKES)
    );
    assert!(mistakes.to_string().ends_with("\nand 7 more"));
}

#[test]
fn answers_of_answers_are_looked_at_once() {
    // Each branch offers the one before 64 times: told apart, they would be 64^15.
    let mut steps = vec![
        json!({ "step": "s", "action": "shop_quote", "params": { "address": "a", "method": "express" } }),
    ];
    for level in 0..15 {
        let before = if level == 0 {
            "s".to_owned()
        } else {
            format!("b{}", level - 1)
        };
        let arm = json!({ "if": { "exists": { "ref": "/steps/s" } }, "answer": { "ref": format!("/steps/{before}") } });
        steps.push(json!({ "branch": format!("b{level}"), "when": vec![arm; 64] }));
    }
    let last = json!({ "step": "l", "action": "shop_label", "params": { "sku": { "ref": "/steps/b14" } } });
    steps.push(last);
    // An object, or null: no text.
    expect(
        &plan(&Value::Array(steps)),
        &[("/steps/16/params/sku/ref", "plan.type")],
    );
}
