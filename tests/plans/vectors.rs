//! What Jido's plans and workflow tools do in given cases, and what ours do instead.
//!
//! The rows are those of its behaviour vectors. D14 (params or options, as the reader takes them)
//! and D23 (a transformer that answers the wrong shape) can't be written down in a plan, and D19 (a
//! directive beside the answer) has no counterpart: an action answers or fails.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Plan;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::{Do, World};
use crate::{accepted, make, plan, run, saga, say};

/// A step that says what another one has said.
fn echo(name: &str, of: &[&str]) -> Value {
    let parts: Vec<Value> = of
        .iter()
        .map(|of| json!({ "ref": format!("/steps/{of}") }))
        .collect();
    json!({ "for_each": name, "in": parts, "do": [
        { "step": format!("{name}_say"), "action": "say", "params": { "word": { "ref": "/item" } } }
    ] })
}

/// A step that takes a number from another one.
fn add(name: &str, a: &Value) -> Value {
    json!({ "step": name, "action": "add", "params": { "a": a, "b": 1 } })
}

fn link(name: &str) -> Value {
    json!({ "ref": format!("/steps/{name}") })
}

#[track_caller]
fn refused(json: &Value, expected: &[(&str, &str)]) {
    let mistakes = Plan::check(json, Registry::global()).expect_err("it has mistakes");
    let short = mistakes
        .iter()
        .map(|one| (one.pointer.as_str(), one.code.as_str()));
    assert_eq!(short.collect::<Vec<_>>(), expected);
}

/// The order in which the words of a plan are said.
async fn order(steps: &Value) -> String {
    let world = World::default();
    let answer = run(&plan(steps, &Value::Null), &world).await;
    answer.expect("nothing fails");
    world.log().join(" ")
}

#[tokio::test(start_paused = true)]
async fn d1_to_d4_the_order_of_steps() {
    let (a, b, c, d) = (say("a", "a"), say("b", "b"), say("c", "c"), say("d", "d"));
    let cases = [
        ("D1", json!([]), ""),
        ("D2", json!([a, b, c]), "a b c"),
        (
            "D3",
            json!([a, { "parallel": "p", "arms": [[b], [c]] }, d]),
            "a b c d",
        ),
        (
            "D4",
            json!([{ "parallel": "p", "arms": [[a], [b, c]] }, d]),
            "a b c d",
        ),
    ];
    for (row, steps, expected) in cases {
        assert_eq!(order(&steps).await, expected, "{row}");
    }
}

#[test]
fn d5_to_d8_and_d10_to_d15_what_is_refused() {
    let of = |steps: Value| plan(&steps, &Value::Null);
    let at = "/steps/0/params/a/ref";
    refused(&of(json!([add("a", &link("a"))])), &[(at, "plan.later")]); // D5
    refused(
        &of(json!([add("a", &link("b")), add("b", &link("a"))])),
        &[(at, "plan.later")],
    ); // D6
    refused(
        &of(json!([
            add("a", &link("b")),
            add("b", &link("c")),
            add("c", &link("a"))
        ])),
        &[(at, "plan.later"), ("/steps/1/params/a/ref", "plan.later")],
    ); // D6
    refused(
        &of(
            json!([{ "step": "a", "action": "add", "params": { "a": link("x"), "b": link("y") } }]),
        ),
        &[
            (at, "plan.unknown_ref"),
            ("/steps/0/params/b/ref", "plan.unknown_ref"),
        ],
    ); // D7, D11
    refused(
        &of(json!([say("a", "1"), say("a", "2")])),
        &[("/steps/1/step", "plan.duplicate")],
    ); // D8
    refused(
        &of(json!([add("a", &json!({ "ref": "b" }))])),
        &[(at, "plan.shape")],
    ); // D10
    refused(&of(json!(["str"])), &[("/steps/0", "plan.shape")]); // D12
    refused(
        &of(json!([{ "step": "a", "action": "nowhere" }])),
        &[("/steps/0/action", "plan.unknown_action")],
    ); // D13
    refused(
        &of(json!([{ "step": "a", "action": "add", "params": { "a": 1, "b": 1 }, "a": 2 }])),
        &[("/steps/0/a", "plan.unknown_key")],
    ); // D14
    refused(&json!([["a", 1]]), &[("", "plan.shape")]); // D15
}

#[test]
fn d9_what_is_read_twice_is_read_once() {
    let steps = json!([add("a", &json!(1)), { "step": "b", "action": "add", "params": { "a": link("a"), "b": link("a") } }]);
    let plan = accepted(&plan(&steps, &Value::Null));
    assert_eq!(plan.graph().nodes[1].reads.as_ref(), [0]);
}

#[test]
fn d16_a_plan_written_and_read_again_is_the_same() {
    let json = saga(&json!([make("a"), echo("b", &["a/id", "a/id"]), { "sleep": "1m" }]));
    let again: Value = serde_json::from_str(&json.to_string()).unwrap();
    let (first, again) = (accepted(&json), accepted(&again));
    assert_eq!(first.graph().fingerprint(), again.graph().fingerprint());
    assert_eq!(first.graph().json(), again.graph().json());
}

#[tokio::test(start_paused = true)]
async fn d17_independent_steps_run_side_by_side() {
    let waits = [Do::Wait(100)];
    let world = ["a", "b", "c"]
        .iter()
        .fold(World::default(), |world, word| world.will(word, waits));
    let arms = json!([[say("a", "a")], [say("b", "b")], [say("c", "c")]]);
    let since = Instant::now();
    run(
        &plan(&json!([{ "parallel": "p", "arms": arms }]), &Value::Null),
        &world,
    )
    .await
    .unwrap();
    assert_eq!(since.elapsed(), Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn d18_a_failed_step_stops_its_siblings_is_tried_once_and_the_saga_goes_back() {
    let world = World::default()
        .will("b", [Do::Hang])
        .will("c", [Do::Busy("say.bad")]);
    let steps = json!([
        make("a"),
        { "parallel": "p", "arms": [[say("b", "b")], [say("c", "c")]] },
        say("d", "d")
    ]);
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!((failure.code(), failure.step()), ("say.bad", Some("p/c")));
    assert_eq!(failure.attempts(), 1);
    assert_eq!(world.log(), ["a", "b", "c", "undo a (a-1)"]);
}

#[tokio::test(start_paused = true)]
async fn d20_and_d21_and_d40_a_step_gets_what_it_refers_to_and_no_more() {
    let steps = json!([
        make("a"),
        make("b"),
        { "step": "c", "action": "say", "params": { "word": link("a/id") } },
        { "step": "d", "action": "say", "params": { "word": "own" } }
    ]);
    let answer = json!([link("a/id"), link("b/id"), link("c"), link("d")]);
    let answer = run(&plan(&steps, &answer), &World::default())
        .await
        .unwrap();
    assert_eq!(answer, json!(["a-1", "b-1", "A-1", "OWN"]));
}

#[tokio::test(start_paused = true)]
async fn d22_what_a_step_says_of_itself_is_kept_to() {
    let world = World::default().will("a", [Do::Hang]);
    let mut step = say("a", "a");
    step["timeout"] = json!("50ms");
    let since = Instant::now();
    let failure = run(&plan(&json!([step]), &Value::Null), &world)
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind(), since.elapsed()),
        (Kind::Timeout, Duration::from_millis(50))
    );
}

#[tokio::test(start_paused = true)]
async fn d41_one_arm_of_a_branch_runs() {
    for (holds, expected) in [(true, "yes"), (false, "no")] {
        let mut plan = plan(
            &json!([{ "branch": "b", "when": [{ "if": { "ref": "/params/holds" }, "then": [say("y", "yes")] }],
                      "else": { "then": [say("n", "no")] } }]),
            &Value::Null,
        );
        plan["params"] = json!({ "holds": { "type": "boolean" } });
        let world = World::default();
        let inputs = json!({ "holds": holds });
        accepted(&plan).run(&inputs, &world.cx()).await.unwrap();
        assert_eq!(world.log(), [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn d42_a_condition_is_true_or_false() {
    let branch = |condition: Value| json!({ "branch": "b", "when": [{ "if": condition }] });
    let steps = json!([say("a", "a"), branch(link("a"))]);
    refused(
        &plan(&steps, &Value::Null),
        &[("/steps/1/when/0/if", "plan.type")],
    );
    // What only the run can know, the run refuses.
    let mut plan = plan(
        &json!([branch(json!({ "ref": "/params/any" }))]),
        &Value::Null,
    );
    plan["params"] = json!({ "any": { "default": "yes" } });
    let failure = run(&plan, &World::default()).await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.step()),
        ("plan.mismatch", Some("b"))
    );
}

#[tokio::test(start_paused = true)]
async fn d43_and_d44_arms_run_to_their_end_where_they_are_to_and_the_failure_stays() {
    let world = World::default()
        .will("a", [Do::Wait(100)])
        .will("b", [Do::Wait(100)])
        .will("c", [Do::Fail("say.bad")]);
    let arms = json!([[say("a", "a")], [say("b", "b")], [say("c", "c")]]);
    let steps = json!([{ "parallel": "p", "collect": true, "arms": arms }]);
    let since = Instant::now();
    let failure = run(&plan(&steps, &Value::Null), &world).await.unwrap_err();
    assert_eq!(since.elapsed(), Duration::from_millis(100));
    assert_eq!((failure.code(), failure.step()), ("say.bad", Some("p/c")));
    assert_eq!(world.log(), ["a", "b", "c", "a is over", "b is over"]);
}

#[tokio::test(start_paused = true)]
async fn d45_a_parallel_is_bounded_by_the_deadline_alone() {
    let arms = json!([[{ "sleep": "30d" }], [say("a", "a")]]);
    let mut plan = plan(&json!([{ "parallel": "p", "arms": arms }]), &Value::Null);
    run(&plan, &World::default()).await.unwrap();
    plan["deadline"] = json!("1m");
    let since = Instant::now();
    let failure = run(&plan, &World::default()).await.unwrap_err();
    assert_eq!(
        (failure.code(), since.elapsed()),
        ("timeout.deadline", Duration::from_mins(1))
    );
}

#[tokio::test(start_paused = true)]
async fn d46_a_step_is_tried_again_only_where_it_says_so() {
    let mut step = say("a", "a");
    let busy = || World::default().will("a", [Do::Busy("say.busy")]);
    let world = busy();
    let failure = run(&plan(&json!([step]), &Value::Null), &world)
        .await
        .unwrap_err();
    assert_eq!((failure.code(), world.log().len()), ("say.busy", 1));
    step["retry"] = json!({ "times": 1 });
    run(&plan(&json!([step]), &Value::Null), &busy())
        .await
        .unwrap();
}

#[test]
fn d49_a_tool_has_the_whole_schema() {
    let alone = Registry::global().allow(["run_plan"]).unwrap();
    let tool = alone
        .tools()
        .build(enact::tool::Dialect::Mcp)
        .unwrap()
        .remove(0);
    let text = tool.json().to_string();
    assert!(
        text.contains("\"plan\"") && text.contains("\"inputs\""),
        "{text}"
    );
    assert!(Plan::schema()["$defs"]["statement"].is_object());
}
