//! What is told of a run of a plan.

use std::sync::{Arc, Mutex};

use enact::context::ContextBuilder;
use enact::prelude::*;
use enact::workflow::listen;
use enact::workflow::plan::PlanActions;
use serde_json::{Value, json};

use crate::world::{Do, World};
use crate::{accepted, make, plan, saga, say};

/// The context of the world, and what is told in it: `path event fields`.
fn listening(world: ContextBuilder) -> (Context, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&told);
    let cx = listen(&world.build(), move |event| {
        let json = serde_json::to_value(event).expect("an event is JSON");
        let fields = json.as_object().into_iter().flatten();
        let fields = fields.filter(|(key, _)| !["path", "at", "message"].contains(&key.as_str()));
        let fields: Vec<String> = fields.map(|(_, value)| value.to_string()).collect();
        let line = format!("{} {}", event.path, fields.join(" ")).replace('"', "");
        let mut lines = lines.lock().expect("no test panics here");
        lines.push(line);
    });
    (cx, told)
}

async fn told(json: &Value, world: &World) -> Vec<String> {
    let (cx, told) = listening(world.builder());
    let answer = accepted(json).run(&json!({}), &cx).await;
    // A failure is told of as well.
    drop(answer);
    told.lock().expect("no test panics here").clone()
}

#[tokio::test(start_paused = true)]
async fn a_whole_plan_is_told_of() {
    let steps = json!([
        say("first", "a"),
        { "parallel": "both", "arms": [[{ "sleep": "1s" }], [say("beside", "b")]] },
        { "branch": "which", "when": [
            { "if": { "eq": [{ "ref": "/steps/first" }, "no"] } },
            { "if": { "eq": [{ "ref": "/steps/first" }, "A"] }, "then": [say("inside", "c")] }
        ] },
        { "for_each": "labels", "in": ["x", "y"], "max": 1, "do": [
            { "step": "label", "action": "say", "params": { "word": { "ref": "/item" } },
              "retry": { "times": 1, "first": "1s", "most": "1s" } }
        ] },
        { "stop": 1 }
    ]);
    let world = World::default().will("y", [Do::Busy("say.busy")]);
    let mut told = told(&plan(&steps, &Value::Null), &world).await;
    // How long it waits is up to chance.
    for line in &mut told {
        if line.contains("step_retried") {
            *line = "labels[1]/label step_retried".to_owned();
        }
    }
    let expected = [
        " run_started test 1",
        "first step_started say",
        "first step_finished",
        "both/sleep#1 sleeping 1.0",
        "both/beside step_started say",
        "both/beside step_finished",
        "which branch_taken 1",
        "which/inside step_started say",
        "which/inside step_finished",
        "labels fan_out 2",
        "labels[0]/label step_started say",
        "labels[0]/label step_finished",
        "labels[1]/label step_started say",
        "labels[1]/label step_retried",
        "labels[1]/label step_finished",
        "stop#1 stopped",
        " run_finished",
    ];
    assert_eq!(told, expected);
}

#[tokio::test(start_paused = true)]
async fn a_failure_and_its_undo_are_told_of() {
    let steps = json!([make("a"), make("b"), say("bad", "bad")]);
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("undo a (a-1)", [Do::Fail("undo.closed")]);
    let expected = [
        " run_started test 1",
        "a step_started make",
        "a step_finished",
        "b step_started make",
        "b step_finished",
        "bad step_started say",
        "bad step_failed say.bad 1",
        "b step_undone",
        "a undo_failed undo.closed",
        " run_failed say.bad",
    ];
    assert_eq!(told(&saga(&steps), &world).await, expected);
}

#[tokio::test(start_paused = true)]
async fn what_run_plan_runs_is_told_of_too() {
    let world = World::default();
    let (cx, told) = listening(world.builder().resource(PlanActions(
        Registry::global().allow(["say"]).expect("it is there"),
    )));
    let params = json!({ "plan": plan(&json!([say("s", "a")]), &Value::Null) });
    let answer = Registry::global().call("run_plan", params, &cx).await;
    answer.expect("nothing fails");
    let expected = [
        " run_started test 1",
        "s step_started say",
        "s step_finished",
        " run_finished",
    ];
    assert_eq!(*told.lock().expect("no test panics here"), expected);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_of_once() {
    let world = World::default().will("a", [Do::Panic]);
    let expected = [
        " run_started test 1",
        "s step_started say",
        "s step_failed panicked 1",
        " run_failed panicked",
    ];
    let steps = json!([say("s", "a")]);
    assert_eq!(told(&plan(&steps, &Value::Null), &world).await, expected);
}
