//! What a refused plan hears, and what its inputs must be.

use expect_test::expect;
use serde_json::{Value, json};

use super::{accepted, check, expect as expects, plan, whole};

#[test]
fn the_form_of_the_whole_is_checked() {
    expects(&json!([]), &[("", "plan.shape")]);
    expects(
        &json!({}),
        &[
            ("/enact", "plan.missing"),
            ("/name", "plan.missing"),
            ("/steps", "plan.missing"),
        ],
    );
    expects(
        &json!({ "enact": 2, "name": "a b", "stesp": [], "deadline": "soon", "answer": { "ref": 5 },
                 "params": { "n": { "type": "int", "minimum": "1" }, "m": { "type": "string", "default": 5 } } }),
        &[
            ("/enact", "plan.version"),
            ("/name", "plan.shape"),
            ("/stesp", "plan.unknown_key"),
            ("/deadline", "plan.shape"),
            ("/answer/ref", "plan.shape"),
            ("/params/n/type", "plan.shape"),
            ("/params/n/minimum", "plan.shape"),
            ("/params/m/default", "plan.input"),
        ],
    );
}

#[test]
fn a_saga_takes_back_whatever_it_writes() {
    let mut plan = whole();
    plan["saga"] = json!(true);
    expects(&plan, &[("/steps/4/action", "plan.no_undo")]);
    let text = check(&plan).unwrap_err().to_string();
    expect![[r#"/steps/4/action: found "shop_charge", which writes and can't be undone; allowed: in a saga, an action that has an undo or does not write; use another, or leave out "saga", and nothing is undone [plan.no_undo]"#]].assert_eq(&text);
    plan["steps"].as_array_mut().unwrap().pop();
    plan["answer"] = Value::Null;
    assert!(accepted(&plan).graph().saga);
    plan["saga"] = json!("yes");
    expects(&plan, &[("/saga", "plan.shape")]);
}

#[test]
fn a_timeout_is_no_longer_than_the_deadline() {
    let mut plan = whole();
    plan["deadline"] = "39s".into();
    expects(&plan, &[("/steps/0/timeout", "plan.time")]);
    plan["deadline"] = "40s".into();
    accepted(&plan);
}

#[test]
fn only_actions_of_the_view_may_be_used() {
    let registry = enact_action_core::Registry::global();
    let view = registry.allow(["shop_quote"]).expect("there is one");
    let charge =
        json!([{ "step": "s", "action": "shop_charge", "params": { "cents": 1, "to": "acc-1" } }]);
    let mistakes = crate::Plan::check(&plan(&charge), &view).expect_err("it may not charge");
    assert_eq!(
        mistakes.iter().next().map(|one| one.code.as_str()),
        Some("plan.unknown_action")
    );
}

#[test]
fn what_a_reference_decides_is_not_blamed() {
    let pay = |payment: Value, skus: Value| {
        plan(&json!([
            { "step": "q", "action": "shop_quote", "params": { "address": "a", "method": "express" } },
            { "step": "s", "action": "shop_pay", "params": { "payment": payment, "skus": skus } }
        ]))
    };
    let link = json!({ "ref": "/steps/q", "default": null });
    let any = json!({ "ref": "/params" });
    accepted(&pay(
        json!({ "kind": "cash", "cents": { "ref": "/steps/q/cents" } }),
        json!(["a"]),
    ));
    expects(
        &pay(json!({ "kind": "cash", "cents": "1" }), json!([link])),
        &[
            ("/steps/1/params/payment/cents", "plan.param"),
            ("/steps/1/params/skus/0/ref", "plan.type"),
            ("/steps/1/params/skus/0/default", "plan.param"),
        ],
    );
    expects(
        &pay(json!(5), json!([any, any])),
        &[
            ("/steps/1/params/payment", "plan.param"),
            ("/steps/1/params/skus/0/ref", "plan.type"),
            ("/steps/1/params/skus/1/ref", "plan.type"),
        ],
    );
}

#[test]
fn a_default_does_not_hide_a_type_that_can_not_fit() {
    let label = |link: Value| {
        plan(&json!([
            { "step": "v", "action": "shop_validate", "params": { "items": [{ "sku": "a", "count": 1 }] } },
            { "step": "s", "action": "shop_label", "params": { "sku": link } }
        ]))
    };
    accepted(&label(json!({ "ref": "/steps/v/note", "default": "x" })));
    accepted(&label(json!({ "ref": "/steps/v/note" })));
    expects(
        &label(json!({ "ref": "/steps/v/subtotal", "default": "x" })),
        &[("/steps/1/params/sku/ref", "plan.type")],
    );
}

#[test]
fn arms_side_by_side_write_different_things() {
    let charge = |name: &str| json!({ "step": name, "action": "shop_charge", "params": { "cents": 1, "to": "acc-1" } });
    let inside = json!({ "for_each": "e", "in": [1], "do": [charge("c")] });
    let arms = |arms: Value| plan(&json!([{ "parallel": "p", "arms": arms }]));
    accepted(&arms(
        json!([[charge("a"), charge("b")], [{ "sleep": "1s" }]]),
    ));
    expects(
        &arms(json!([[charge("a"), charge("b")], [{ "sleep": "1s" }], [inside]])),
        &[("/steps/0/arms/2", "plan.race")],
    );
}

#[test]
fn mistakes_read_one_a_line() {
    let wrong = plan(&json!([
        { "step": "quote", "action": "shop_quot" },
        { "step": "label", "action": "shop_label",
          "params": { "sku": { "ref": "/steps/late/url" }, "copies": 12, "metta": 1 } },
        { "step": "late", "action": "shop_label", "params": { "sku": "a" } },
        { "step": "charge", "action": "shop_charge",
          "params": { "cents": { "ref": "/steps/late/url" }, "to": { "ref": "/steps/late/uri" } } }
    ]));
    let mistakes = check(&wrong).expect_err("there are some");
    expect![[r#"
        /steps/0/action: found the unknown action "shop_quot"; allowed: an action that this plan may use [plan.unknown_action]; did you mean "shop_quote"?
        /steps/1/params/sku/ref: found "late", which is made later; allowed: what stands before it; no step can wait for a later one or itself [plan.later]
        /steps/1/params/copies: found 12; allowed: at most 9 [plan.param: max]
        /steps/1/params/metta: found the unknown field "metta"; allowed: one of "sku", "copies", "meta" [plan.param: unknown]; did you mean "meta"?
        /steps/3/params/cents/ref: found text; allowed: a whole number [plan.type]
        /steps/3/params/to/ref: found "/steps/late/uri", but there is no "uri"; allowed: a way into what is there: an object with url [plan.absent]"#]]
    .assert_eq(&mistakes.to_string());
    let json = serde_json::to_value(&mistakes).expect("mistakes are JSON");
    assert_eq!(json[2]["code"], "plan.param");
    assert_eq!(json[2]["rule"], "max");
    let text = mistakes.for_model();
    assert!(text.starts_with("The plan was refused; nothing was done.\n- /steps/0/action: "));
    let failure = mistakes.into_failure();
    assert_eq!(
        (failure.code(), failure.is_retryable()),
        ("plan.refused", false)
    );
}

#[test]
fn inputs_are_checked_and_defaults_filled_in() {
    let plan = accepted(&whole());
    let filled = plan
        .inputs(&json!({ "items": [{}], "address": "x" }))
        .expect("they fit");
    assert_eq!(
        filled,
        json!({ "items": [{}], "premium": false, "address": "x" })
    );
    let mistakes = plan.inputs(&json!({ "items": [1], "adress": "x", "premium": 1 }));
    let mistakes = mistakes.expect_err("they do not fit");
    let places: Vec<&str> = mistakes.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(places, ["/items/0", "/adress", "/premium", "/address"]);
    assert!(mistakes.iter().all(|one| one.code.as_str() == "plan.input"));
}
