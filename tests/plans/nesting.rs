//! Workflows as steps of plans.

use enact::prelude::*;
use enact::workflow::Plan;
use serde_json::{Value, json};

use crate::world::{Do, Make, Say, World};
use crate::{make, plan, run, saga, say};

workflow! {
    /// Makes two things, or none.
    #[workflow(saga)]
    pub(crate) Pair { what: String } -> String {
        step one = Make { what: format!("{what}1") };
        step two = Make { what: format!("{what}2") };
        format!("{}+{}", one.id, two.id)
    }
}

workflow! {
    /// Makes a thing, and leaves it at that.
    pub(crate) Lone { what: String } -> String {
        step said = Say { word: what };
        step made = Make { what: said };
        made.id.clone()
    }
}

/// A step that makes a pair.
fn pair(name: &str) -> Value {
    json!({ "step": name, "action": "pair", "params": { "what": name } })
}

#[tokio::test(start_paused = true)]
async fn a_workflow_is_a_step_by_its_name() {
    let world = World::default();
    let steps = json!([pair("p"), { "step": "l", "action": "lone", "params": { "what": { "ref": "/steps/p" } } }]);
    let answer = json!({ "ref": "/steps/l" });
    let answer = run(&plan(&steps, &answer), &world).await.unwrap();
    assert_eq!(answer, "P1-1+P2-1-1");
    assert_eq!(world.log(), ["p1", "p2", "p1-1+p2-1", "P1-1+P2-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_inside_has_the_path_of_both() {
    let world = World::default().will("p2", [Do::Fail("make.bad")]);
    let failure = run(&plan(&json!([pair("p")]), &Value::Null), &world)
        .await
        .unwrap_err();
    assert_eq!(
        (failure.code(), failure.step()),
        ("make.bad", Some("p/two"))
    );
    assert_eq!(
        world.log(),
        ["p1", "p2", "undo p2 (midway)", "undo p1 (p1-1)"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_saga_undoes_a_workflow_step_by_step() {
    let world = World::default().will("bad", [Do::Fail("say.bad")]);
    let steps = json!([make("a"), pair("p"), say("bad", "bad")]);
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!(failure.step(), Some("bad"));
    assert_eq!(
        world.log()[4..],
        ["undo p2 (p2-1)", "undo p1 (p1-1)", "undo a (a-1)"]
    );
    let Some(enact::Undone::Steps(steps)) = failure.undone() else {
        panic!("{failure:?}")
    };
    let paths: Vec<&str> = steps.iter().map(|step| step.path.as_str()).collect();
    assert_eq!(paths, ["p/two", "p/one", "a"]);
}

#[test]
fn a_saga_refuses_a_workflow_that_is_none() {
    let steps = json!([{ "step": "l", "action": "lone", "params": { "what": "x" } }]);
    let mistakes = Plan::check(&saga(&steps), Registry::global());
    let mistakes = mistakes.unwrap_err();
    assert_eq!(mistakes.len(), 1);
    let mistake = mistakes.iter().next().unwrap();
    assert_eq!(
        (&*mistake.pointer, mistake.code.as_str()),
        ("/steps/0/action", "plan.no_undo")
    );
}
