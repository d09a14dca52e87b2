//! Tests of plans, over a few actions of a shop.

mod action;

crate::run_plan!();
mod compiled;
mod evaluation;
mod hostile;
mod limits;
mod planted;
mod published;
mod refusals;
mod world;

use enact_action_core::Registry;
use serde_json::{Value, json};

use super::{Mistakes, Plan};

/// A plan of these steps.
fn plan(steps: &Value) -> Value {
    json!({ "enact": 1, "name": "test", "steps": steps })
}

fn check(plan: &Value) -> Result<Plan, Mistakes> {
    Plan::check(plan, Registry::global())
}

fn accepted(plan: &Value) -> Plan {
    match check(plan) {
        Ok(plan) => plan,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The mistakes as places and codes, in their order.
fn refused(plan: &Value) -> Vec<(String, String)> {
    let mistakes = check(plan).expect_err("the plan has mistakes");
    let short = |mistake: &super::Mistake| (mistake.pointer.clone(), mistake.code.to_string());
    mistakes.iter().map(short).collect()
}

#[track_caller]
fn expect(plan: &Value, expected: &[(&str, &str)]) {
    let refused = refused(plan);
    let short: Vec<(&str, &str)> = refused.iter().map(|(p, c)| (&**p, &**c)).collect();
    assert_eq!(short, expected);
}

/// A plan that uses all that plans have.
fn whole() -> Value {
    json!({
        "enact": 1,
        "name": "fulfil_order",
        "description": "Takes an order from cart to doorstep.",
        "params": {
            "items": { "type": "array", "items": { "type": "object" }, "description": "What is ordered." },
            "premium": { "type": "boolean", "default": false },
            "address": { "type": "string", "minLength": 1 }
        },
        "deadline": "1h",
        "steps": [
            { "step": "valid", "action": "shop_validate",
              "params": { "items": { "ref": "/params/items" } }, "timeout": "10s",
              "retry": { "times": 3, "first": "10ms", "most": "1s" } },
            { "parallel": "prepare", "arms": [
                [{ "step": "stock", "action": "shop_reserve", "params": { "lines": { "ref": "/steps/valid/lines" } } }],
                [{ "sleep": "10ms" },
                 { "step": "quote", "action": "shop_quote", "params": { "address": { "ref": "/params/address" }, "method": "express" } }]
            ] },
            { "branch": "total", "when": [
                { "if": { "all": [{ "ref": "/params/premium" }, { "gt": [{ "ref": "/steps/valid/subtotal" }, 100] }] },
                  "answer": { "ref": "/steps/valid/subtotal" } },
                { "if": { "not": { "exists": { "ref": "/steps/valid/note" } } },
                  "then": [{ "step": "rebate", "action": "shop_quote", "params": { "address": "here", "method": "standard" } }],
                  "answer": { "ref": "/steps/rebate/cents" } },
                { "if": { "eq": [{ "ref": "/steps/valid/subtotal" }, 0] },
                  "then": [{ "stop": { "id": null } }] }
              ],
              "else": { "answer": { "ref": "/steps/quote/cents" } } },
            { "for_each": "labels", "in": { "ref": "/steps/valid/lines" }, "max": 4, "do": [
                { "step": "label", "action": "shop_label",
                  "params": { "sku": { "ref": "/item/sku" }, "copies": 2, "meta": { "literal": { "ref": "raw" } } } }
              ], "answer": { "ref": "/steps/label/url" } },
            { "step": "charge", "action": "shop_charge",
              "params": { "cents": { "ref": "/steps/total", "default": 1 }, "to": "acc-1" } }
        ],
        "answer": { "id": { "ref": "/steps/charge/id" }, "labels": { "ref": "/steps/labels" } }
    })
}
