//! Plans made to be slow to check: work stays in proportion to their size.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::{check, plan};

/// Far more than any of these takes, and far less than work that grows with the square.
const SOON: Duration = Duration::from_secs(20);

#[track_caller]
fn soon(plan: &Value) {
    let begin = Instant::now();
    let checked = check(plan);
    assert!(
        begin.elapsed() < SOON,
        "{:?} {}",
        begin.elapsed(),
        checked.is_ok()
    );
}

#[test]
fn many_unknown_references() {
    let link = json!({ "ref": "/steps/x" });
    let steps: Vec<Value> = (0..900)
        .map(|index| {
            let links = vec![link.clone(); 45];
            json!({ "step": format!("s{index}"), "action": "shop_label", "params": { "sku": "a", "meta": links } })
        })
        .collect();
    soon(&plan(&Value::Array(steps)));
}

#[test]
fn many_unknown_keys() {
    let keys: Map<String, Value> = (0..60_000).map(|i| (format!("k{i}"), json!(1))).collect();
    soon(&Value::Object(keys.clone()));
    let step = json!({ "step": "s", "action": "shop_label", "params": keys });
    soon(&plan(&json!([step])));
}

#[test]
fn many_references_to_a_large_answer() {
    let keys: Map<String, Value> = (0..9_000).map(|i| (format!("k{i}"), json!(1))).collect();
    let arms = json!([{ "if": { "exists": { "ref": "/steps/s" } }, "answer": { "of": { "ref": "/steps/s" }, "keys": keys } }]);
    let links: Vec<Value> = (0..1000)
        .map(|i| json!({ "ref": format!("/steps/b/keys/k{i}") }))
        .collect();
    let label = |name: String| json!({ "step": name, "action": "shop_label", "params": { "sku": "a", "meta": links } });
    let mut steps = vec![
        json!({ "step": "s", "action": "shop_quote", "params": { "address": "a", "method": "express" } }),
        json!({ "branch": "b", "when": arms }),
    ];
    steps.extend((0..20).map(|index| label(format!("l{index}"))));
    soon(&plan(&Value::Array(steps)));
}

#[test]
fn many_broken_rules_beside_many_references() {
    let bad = vec![json!(1); 110];
    let mut skus = vec![json!({ "ref": "/params" }); 990];
    skus.extend(bad);
    let pay = |i: usize| json!({ "step": format!("s{i}"), "action": "shop_pay", "params": { "payment": { "kind": "cash", "cents": 1 }, "skus": skus } });
    soon(&plan(&Value::Array((0..40).map(pay).collect())));
}
