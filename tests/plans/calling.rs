//! The action `run_plan`, as a language model or an operator calls it.

use std::collections::BTreeMap;
use std::time::Duration;

use enact::prelude::*;
use enact::tool::Dialect;
use enact::workflow::plan::{PlanActions, RunPlan};
use serde_json::{Value, json};

use crate::world::{Do, World};
use crate::{make, plan, saga, say};

/// Calls `run_plan` where these actions are allowed.
async fn call(params: Value, world: &World, allowed: &[&'static str]) -> Result<Value, Failure> {
    let allowed = Registry::global().allow(allowed.iter().copied());
    let allowed = PlanActions(allowed.expect("they are there"));
    let cx = world.builder().resource(allowed).build();
    Registry::global().call("run_plan", params, &cx).await
}

#[tokio::test(start_paused = true)]
async fn a_plan_runs_by_name() {
    let world = World::default();
    let steps =
        json!([{ "step": "s", "action": "say", "params": { "word": { "ref": "/params/word" } } }]);
    let mut plan = plan(&steps, &json!({ "ref": "/steps/s" }));
    plan["params"] = json!({ "word": { "type": "string" } });
    let params = json!({ "plan": plan, "inputs": { "word": "hello" } });
    assert_eq!(call(params, &world, &["say"]).await.unwrap(), "HELLO");
}

#[tokio::test(start_paused = true)]
async fn only_what_is_allowed_runs() {
    let world = World::default();
    let steps = json!([say("s", "a"), make("b"), { "step": "c", "action": "run_plan", "params": { "plan": {} } }]);
    let params = json!({ "plan": plan(&steps, &Value::Null) });
    let failure = call(params, &world, &["say", "run_plan"])
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind(), failure.code()),
        (Kind::Failed, "plan.refused")
    );
    let text = failure.for_model();
    assert!(
        text.contains("/steps/1/action: found the unknown action \"make\""),
        "{text}"
    );
    assert!(
        text.contains("/steps/2/action: found the unknown action \"run_plan\""),
        "{text}"
    );
    assert!(world.log().is_empty(), "nothing was done");
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_fails_says_at_which_step_and_goes_back() {
    let world = World::default().will("b", [Do::Fail("make.bad")]);
    let params = json!({ "plan": saga(&json!([make("a"), make("b")])) });
    let failure = call(params, &world, &["make"]).await.unwrap_err();
    assert_eq!((failure.code(), failure.step()), ("make.bad", Some("b")));
    assert_eq!(world.log(), ["a", "b", "undo b (midway)", "undo a (a-1)"]);
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_is_cancelled_or_out_of_time_goes_back() {
    for cancelled in [true, false] {
        let world = World::default()
            .will("b", [Do::Hang])
            .will("undo a (a-1)", [Do::Wait(9)]);
        let allowed = PlanActions(Registry::global().allow(["make"]).unwrap());
        let cx = world.builder().resource(allowed).build();
        let run = RunPlan {
            plan: saga(&json!([make("a"), make("b")])),
            inputs: BTreeMap::new(),
        };
        let exec = run.exec(&cx).timeout(Duration::from_secs(1));
        let failure = if cancelled {
            let handle = exec.spawn();
            tokio::task::yield_now().await;
            handle.cancel().await.unwrap_err()
        } else {
            exec.await.unwrap_err()
        };
        let kind = if cancelled {
            Kind::Cancelled
        } else {
            Kind::Timeout
        };
        assert_eq!(failure.kind(), kind);
        let log = [
            "a",
            "b",
            "undo b (midway)",
            "undo a (a-1)",
            "undo a (a-1) is over",
        ];
        assert_eq!(world.log(), log);
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_a_tool_of_every_vendor_or_says_why_not() {
    let alone = Registry::global().allow(["run_plan"]).unwrap();
    let params = json!({ "plan": plan(&json!([say("s", "a")]), &json!({ "ref": "/steps/s" })), "inputs": {} });
    let mut built = 0;
    for dialect in Dialect::ALL {
        let tool = match alone.tools().build(dialect) {
            Ok(mut tools) => tools.remove(0),
            Err(error) => {
                assert!(!error.refusals().is_empty());
                for refusal in error.refusals() {
                    assert!(
                        !refusal.why().is_empty() && !refusal.cure().is_empty(),
                        "{error}"
                    );
                }
                continue;
            }
        };
        built += 1;
        // What a model sends for it is the plan again, and runs.
        let back = tool.decode(tool.encode(params.clone())).unwrap();
        assert_eq!(back, params, "{dialect:?}");
        let answer = call(back, &World::default(), &["say"]).await;
        assert_eq!(answer.unwrap(), "A", "{dialect:?}");
    }
    assert!(built > 0);
}
