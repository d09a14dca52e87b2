//! The action that runs plans.

use enact_action_core::{Context, Kind, Registry};
use serde_json::{Value, json};

use super::{plan, whole};
use crate::plan::PlanActions;

async fn call(params: Value, cx: &Context) -> (Kind, String, String) {
    let answer = Registry::global().call("run_plan", params, cx).await;
    let failure = answer.expect_err("it is refused");
    (
        failure.kind(),
        failure.code().to_owned(),
        failure.message().to_owned(),
    )
}

fn allowing(names: &[&'static str]) -> Context {
    let view = Registry::global().allow(names.iter().copied());
    let view = view.expect("they are there");
    Context::builder().resource(PlanActions(view)).build()
}

#[tokio::test]
async fn without_a_list_of_actions_no_plan_runs() {
    let (kind, code, _) = call(json!({ "plan": whole() }), &Context::new()).await;
    assert_eq!((kind, &*code), (Kind::Misconfigured, "resource.missing"));
}

#[tokio::test]
async fn a_plan_is_refused_with_every_mistake() {
    let steps = json!([
        { "step": "a", "action": "shop_charge", "params": { "cents": 1, "to": "acc-1" } },
        { "step": "b", "action": "run_plan", "params": { "plan": {} } }
    ]);
    let cx = allowing(&["shop_quote", "run_plan"]);
    let (_, code, text) = call(json!({ "plan": plan(&steps) }), &cx).await;
    assert_eq!(code, "plan.refused");
    assert!(
        text.contains("/steps/0/action: ") && text.contains("/steps/1/action: "),
        "{text}"
    );
}

#[tokio::test]
async fn inputs_are_refused_too() {
    let mut plan = plan(&json!([]));
    plan["params"] = json!({ "count": { "type": "integer" } });
    let cx = allowing(&[]);
    let (_, code, text) = call(json!({ "plan": plan, "inputs": { "count": "1" } }), &cx).await;
    assert_eq!(code, "plan.refused");
    assert!(text.contains("/count: found \"1\""), "{text}");
}
