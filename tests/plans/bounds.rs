//! What stops a run: timeouts, deadlines, cancellation, panics.

use std::time::Duration;

use enact::prelude::*;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::world::{Do, World};
use crate::{accepted, make, plan, run, saga, say};

/// One step that says `a`, with this beside it.
fn one(key: &str, value: Value) -> Value {
    let mut step = say("s", "a");
    step[key] = value;
    plan(&json!([step]), &json!({ "ref": "/steps/s" }))
}

#[tokio::test(start_paused = true)]
async fn an_attempt_takes_no_longer_than_its_timeout() {
    let world = World::default().will("a", [Do::Hang]);
    let since = Instant::now();
    let failure = run(&one("timeout", json!("2s")), &world).await.unwrap_err();
    assert_eq!(since.elapsed(), Duration::from_secs(2));
    assert_eq!((failure.kind(), failure.step()), (Kind::Timeout, Some("s")));
}

#[tokio::test(start_paused = true)]
async fn what_is_busy_is_tried_again_so_often() {
    let retry = json!({ "times": 2, "first": "10ms", "most": "20ms" });
    let world = World::default().will("a", [Do::Busy("say.busy"), Do::Busy("say.busy")]);
    let answer = run(&one("retry", retry.clone()), &world).await.unwrap();
    assert_eq!(answer, "A");
    let world = World::default().will("a", [Do::Busy("say.busy"); 3]);
    let failure = run(&one("retry", retry.clone()), &world).await.unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("say.busy", 3));
    let world = World::default().will("a", [Do::Fail("say.bad")]);
    let failure = run(&one("retry", retry), &world).await.unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("say.bad", 1));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_timeout() {
    let mut plan = one("retry", json!({ "times": 1, "first": "1ms" }));
    plan["steps"][0]["timeout"] = json!("1s");
    let world = World::default().will("a", [Do::Hang]);
    assert_eq!(run(&plan, &world).await.unwrap(), "A");
    assert_eq!(world.log(), ["a", "a"]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_takes_no_longer_than_its_deadline() {
    for steps in [
        json!([say("s", "a"), say("t", "t")]),
        json!([{ "sleep": "1h" }, say("t", "t")]),
        json!([{ "parallel": "p", "arms": [[say("s", "a")], [{ "sleep": "1h" }]] }, say("t", "t")]),
        json!([{ "for_each": "f", "in": ["a", "b"], "do": [say("s", "a")] }, say("t", "t")]),
    ] {
        let world = World::default().will("a", [Do::Hang, Do::Hang]);
        let mut plan = plan(&steps, &Value::Null);
        plan["deadline"] = json!("5s");
        let since = Instant::now();
        let failure = run(&plan, &world).await.unwrap_err();
        assert_eq!(since.elapsed(), Duration::from_secs(5));
        assert_eq!(failure.code(), "timeout.deadline", "{steps}");
        assert!(!world.log().contains(&"t".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_shorter_deadline_of_the_context_holds_too() {
    let world = World::default().will("a", [Do::Hang]);
    let cx = world
        .builder()
        .deadline(Instant::now() + Duration::from_secs(1));
    let plan = accepted(&plan(&json!([say("s", "a")]), &Value::Null));
    let failure = plan.run(&json!({}), &cx.build()).await.unwrap_err();
    assert_eq!(failure.code(), "timeout.deadline");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_plan_stops() {
    for steps in [
        json!([say("s", "a"), say("t", "t")]),
        json!([{ "sleep": "1h" }, say("t", "t")]),
        json!([{ "parallel": "p", "arms": [[say("s", "a")], [{ "sleep": "1h" }]] }, say("t", "t")]),
    ] {
        let world = World::default().will("a", [Do::Hang]);
        let token = CancellationToken::new();
        let cx = world.builder().cancellation(token.clone()).build();
        let plan = accepted(&plan(&steps, &Value::Null));
        let cancel = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            token.cancel();
        };
        let inputs = json!({});
        let (answer, ()) = tokio::join!(plan.run(&inputs, &cx), cancel);
        assert_eq!(answer.unwrap_err().kind(), Kind::Cancelled);
        assert!(!world.log().contains(&"t".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_saga_goes_back() {
    let world = World::default().will("b", [Do::Hang]);
    let token = CancellationToken::new();
    let cx = world.builder().cancellation(token.clone()).build();
    let plan = accepted(&saga(&json!([make("a"), make("b")])));
    let cancel = async {
        tokio::task::yield_now().await;
        token.cancel();
    };
    let inputs = json!({});
    let (answer, ()) = tokio::join!(plan.run(&inputs, &cx), cancel);
    assert_eq!(answer.unwrap_err().kind(), Kind::Cancelled);
    assert_eq!(world.log(), ["a", "b", "undo b (midway)", "undo a (a-1)"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_of_its_step() {
    for steps in [
        json!([say("s", "a")]),
        json!([{ "parallel": "s", "arms": [[say("p", "a")], [{ "sleep": "1h" }]] }]),
        json!([{ "for_each": "s", "in": [1], "do": [say("p", "a")] }]),
    ] {
        let world = World::default().will("a", [Do::Panic]);
        let failure = run(&plan(&steps, &Value::Null), &world).await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Panicked, "{steps}");
        let step = failure.step();
        assert!(
            step.is_some_and(|step| step.starts_with('s')),
            "{step:?} of {steps}"
        );
    }
}
