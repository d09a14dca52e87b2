//! Values and conditions over frames, and a whole plan walked statement by statement.

use enact_action_core::{Context, Failure};
use serde_json::{Value, json};

use super::{accepted, plan, whole};

async fn answer(json: &Value, inputs: Value) -> Result<Value, Failure> {
    accepted(json).run(&inputs, &Context::new()).await
}

#[tokio::test]
async fn a_whole_plan_can_be_walked() {
    let items = json!([{ "sku": "a", "count": 1 }, { "sku": "b", "count": 2 }]);
    let found = answer(&whole(), json!({ "items": items, "address": "x" })).await;
    assert_eq!(
        found.expect("it answers"),
        json!({ "id": "acc-1", "labels": ["/a", "/b"] })
    );
}

#[tokio::test]
async fn items_are_known_by_the_name_of_their_loop() {
    let mut nested = plan(&json!([
        { "for_each": "rows", "in": [[1, 2], [3]], "do": [
            { "for_each": "cells", "in": { "ref": "/item" }, "do": [],
              "answer": [{ "ref": "/item" }, { "ref": "/items/rows/0" }, { "ref": "/items/cells" }] }
        ], "answer": { "ref": "/steps/cells" } }
    ]));
    nested["answer"] = json!({ "ref": "/steps/rows" });
    let found = answer(&nested, json!({})).await.expect("it answers");
    assert_eq!(found, json!([[[1, 1, 1], [2, 1, 2]], [[3, 3, 3]]]));
}

/// What a plan with one input, `x`, answers.
async fn with(x: Value, value: Value) -> Result<Value, String> {
    let plan =
        json!({ "enact": 1, "name": "p", "params": { "x": {} }, "steps": [], "answer": value });
    let found = answer(&plan, json!({ "x": x })).await;
    found.map_err(|failure| failure.code().to_owned())
}

#[tokio::test]
async fn references_read_what_is_there_or_their_default() {
    let x = json!({ "a/b": [1, null, { "~": 2 }] });
    let read = async |way: &str, default: Option<Value>| {
        let mut link = json!({ "ref": format!("/params/x{way}") });
        if let Some(default) = default {
            link["default"] = default;
        }
        with(x.clone(), link).await
    };
    assert_eq!(read("", None).await, Ok(x.clone()));
    assert_eq!(read("/a~1b/0", None).await, Ok(json!(1)));
    assert_eq!(read("/a~1b/2/~0", None).await, Ok(json!(2)));
    assert_eq!(read("/a~1b/1", None).await, Ok(json!(null)));
    assert_eq!(read("/a~1b/1", Some(json!(7))).await, Ok(json!(7)));
    assert_eq!(read("/a~1b/3", Some(json!(7))).await, Ok(json!(7)));
    assert_eq!(read("/a~1b/01", None).await, Err("plan.absent".to_owned()));
    assert_eq!(read("/b", None).await, Err("plan.absent".to_owned()));
    let wrapped = json!([{ "literal": { "ref": "/x" } }, { "k": { "ref": "/params/x/a~1b/0" } }]);
    assert_eq!(
        with(x.clone(), wrapped).await,
        Ok(json!([{ "ref": "/x" }, { "k": 1 }]))
    );
}

/// Whether a condition over `x` holds.
async fn holds(x: Value, condition: Value) -> Result<bool, String> {
    let branch = json!([{ "branch": "b", "when": [{ "if": condition, "answer": true }], "else": { "answer": false } }]);
    let plan = json!({ "enact": 1, "name": "p", "params": { "x": {} }, "steps": branch, "answer": { "ref": "/steps/b" } });
    let found = answer(&plan, json!({ "x": x })).await;
    found
        .map(|value| value == json!(true))
        .map_err(|failure| failure.code().to_owned())
}

#[tokio::test]
async fn conditions_compare_exactly_and_never_across_types() {
    let x = json!({ "ref": "/params/x" });
    let cases = [
        (
            json!(9_007_199_254_740_993_u64),
            json!({ "gt": [x, 9_007_199_254_740_992.0] }),
            Ok(true),
        ),
        (json!(1.0), json!({ "eq": [x, 1] }), Ok(true)),
        (json!(u64::MAX), json!({ "le": [x, -1] }), Ok(false)),
        (json!("b"), json!({ "lt": ["a", x] }), Ok(true)),
        (json!("1"), json!({ "eq": [x, 1] }), Err("plan.mismatch")),
        (json!(true), json!({ "lt": [x, 1] }), Err("plan.mismatch")),
        (json!(null), json!({ "eq": [x, 1] }), Ok(false)),
        (json!(null), json!({ "ne": [x, null] }), Ok(false)),
        (json!(null), json!({ "lt": [x, 1] }), Err("plan.mismatch")),
        (
            json!({ "a": 1, "b": 2 }),
            json!({ "eq": [x, { "b": 2.0, "a": 1 }] }),
            Ok(true),
        ),
        (json!(2), json!({ "in": [x, [1, 2]] }), Ok(true)),
        (
            json!(2),
            json!({ "in": [x, [2, "a"]] }),
            Err("plan.mismatch"),
        ),
        (json!(2), json!({ "in": [1, x] }), Err("plan.mismatch")),
    ];
    ask(cases).await;
}

#[tokio::test]
async fn conditions_are_asked_in_order() {
    let x = json!({ "ref": "/params/x" });
    let cases = [
        (json!(true), x.clone(), Ok(true)),
        (json!(1), x.clone(), Err("plan.mismatch")),
        (json!(null), json!({ "exists": x }), Ok(false)),
        (
            json!({ "a": 0 }),
            json!({ "exists": { "ref": "/params/x/a" } }),
            Ok(true),
        ),
        (
            json!({}),
            json!({ "exists": { "ref": "/params/x/a" } }),
            Ok(false),
        ),
        (
            json!({}),
            json!({ "eq": [{ "ref": "/params/x/a" }, 1] }),
            Err("plan.absent"),
        ),
        (
            json!(1),
            json!({ "all": [{ "eq": [x, 2] }, { "eq": [x, "a"] }] }),
            Ok(false),
        ),
        (
            json!(1),
            json!({ "any": [{ "eq": [x, 1] }, { "eq": [x, "a"] }] }),
            Ok(true),
        ),
        (json!(1), json!({ "not": { "ne": [x, 1] } }), Ok(true)),
    ];
    ask(cases).await;
}

async fn ask<const N: usize>(cases: [(Value, Value, Result<bool, &str>); N]) {
    for (value, condition, expected) in cases {
        let found = holds(value.clone(), condition.clone()).await;
        assert_eq!(
            found,
            expected.map_err(str::to_owned),
            "{condition} with {value}"
        );
    }
}

#[tokio::test]
async fn a_loop_runs_over_a_list_that_is_not_too_long() {
    let each = json!([{ "for_each": "e", "in": { "ref": "/params/x" }, "do": [] }]);
    let plan = json!({ "enact": 1, "name": "p", "params": { "x": {} }, "steps": each });
    let failed = async |x: Value| {
        let found = answer(&plan, json!({ "x": x })).await;
        found.map_err(|failure| failure.code().to_owned())
    };
    assert_eq!(failed(json!(5)).await, Err("plan.mismatch".to_owned()));
    assert_eq!(
        failed(json!(vec![0; 10_001])).await,
        Err("plan.limit".to_owned())
    );
    assert_eq!(failed(json!(vec![0; 10_000])).await, Ok(json!(null)));
}
