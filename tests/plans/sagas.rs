//! What a failed saga takes back, and what it says of it.

use enact::prelude::*;
use enact::workflow::Unfinished;
use enact::{UndoOutcome, Undone};
use serde_json::json;

use crate::world::{Do, World};
use crate::{make, run, saga, say};

/// The undone steps, each with what came of it.
fn report(failure: &Failure) -> Vec<(&str, &str)> {
    let steps = match failure.undone() {
        Some(Undone::Steps(steps)) => steps.as_slice(),
        _ => &[],
    };
    let outcome = |outcome: &UndoOutcome| match outcome {
        UndoOutcome::Done => "done",
        UndoOutcome::Failed(_) => "failed",
        UndoOutcome::Pending => "pending",
        _ => "unknown",
    };
    let short = steps
        .iter()
        .map(|step| (&*step.path, outcome(&step.outcome)));
    short.collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_done_is_undone_latest_first() {
    let world = World::default().will("bad", [Do::Fail("say.bad")]);
    let steps = json!([
        make("a"),
        say("s", "s"),
        make("b"),
        say("bad", "bad"),
        make("c")
    ]);
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!((failure.code(), failure.step()), ("say.bad", Some("bad")));
    assert_eq!(
        world.log(),
        ["a", "s", "b", "bad", "undo b (b-1)", "undo a (a-1)"]
    );
    assert_eq!(report(&failure), [("b", "done"), ("a", "done")]);
    assert!(failure.undone().is_some_and(Undone::is_done));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_died_midway_is_undone_too() {
    for death in [Do::Fail("make.bad"), Do::Panic] {
        let world = World::default().will("b", [death]);
        let failure = run(&saga(&json!([make("a"), make("b")])), &world)
            .await
            .unwrap_err();
        assert_eq!(world.log(), ["a", "b", "undo b (midway)", "undo a (a-1)"]);
        assert_eq!(report(&failure), [("b", "done"), ("a", "done")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_no_saga_leaves_what_is_done() {
    let world = World::default().will("b", [Do::Fail("make.bad")]);
    let mut plan = saga(&json!([make("a"), make("b")]));
    plan["saga"] = json!(false);
    let failure = run(&plan, &world).await.unwrap_err();
    assert_eq!(failure.code(), "make.bad");
    assert_eq!(world.log(), ["a", "b", "undo b (midway)"]);
}

#[tokio::test(start_paused = true)]
async fn success_is_not_undone_and_neither_is_a_stop() {
    for last in [json!({ "stop": 1 }), make("b")] {
        let world = World::default();
        run(&saga(&json!([make("a"), last])), &world).await.unwrap();
        assert!(world.log().iter().all(|line| !line.starts_with("undo")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_fits_nothing_goes_back_as_well() {
    let world = World::default();
    let mut plan = saga(
        &json!([make("a"), { "step": "s", "action": "say", "params": { "word": { "ref": "/params/o/w" } } }]),
    );
    plan["params"] = json!({ "o": { "type": "object", "default": {} } });
    let failure = run(&plan, &world).await.unwrap_err();
    assert_eq!(failure.code(), "plan.absent");
    assert_eq!(world.log(), ["a", "undo a (a-1)"]);
}

#[tokio::test(start_paused = true)]
async fn arms_that_ran_side_by_side_are_undone_so() {
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("undo b (b-1)", [Do::Wait(100)])
        .will("undo c (c-1)", [Do::Wait(50)]);
    let steps = json!([
        make("a"),
        { "parallel": "p", "arms": [[make("b0"), make("b")], [make("c")]] },
        say("bad", "bad")
    ]);
    let since = tokio::time::Instant::now();
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!(since.elapsed().as_millis(), 100);
    let undone = [
        "undo b (b-1)",
        "undo c (c-1)",
        "undo c (c-1) is over",
        "undo b (b-1) is over",
        "undo b0 (b0-1)",
        "undo a (a-1)",
    ];
    assert_eq!(world.log()[5..], undone);
    assert_eq!(
        report(&failure),
        [
            ("p/b", "done"),
            ("p/b0", "done"),
            ("p/c", "done"),
            ("a", "done")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_arm_that_is_stopped_is_undone_as_far_as_it_came() {
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("c", [Do::Hang]);
    let steps = json!([{ "parallel": "p", "arms": [
        [make("b"), make("c"), make("d")],
        [{ "sleep": "10ms" }, say("bad", "bad")]
    ] }]);
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!(failure.code(), "say.bad");
    assert_eq!(
        world.log(),
        ["b", "c", "bad", "undo c (midway)", "undo b (b-1)"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_items_of_a_for_each_are_undone() {
    let world = World::default().will("bad", [Do::Fail("say.bad")]);
    let steps = json!([
        { "for_each": "f", "in": ["x", "y"], "max": 1, "do": [
            { "step": "m", "action": "make", "params": { "what": { "ref": "/item" } } }
        ] },
        say("bad", "bad")
    ]);
    let failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!(report(&failure), [("f[0]/m", "done"), ("f[1]/m", "done")]);
    assert_eq!(world.log()[3..], ["undo x (x-1)", "undo y (y-1)"]);
}

#[tokio::test(start_paused = true)]
async fn an_undo_is_tried_again() {
    let world = World::default()
        .will("bad", [Do::Fail("say.bad")])
        .will("undo a (a-1)", [Do::Busy("undo.busy"); 3]);
    let failure = run(&saga(&json!([make("a"), say("bad", "bad")])), &world).await;
    assert_eq!(report(&failure.unwrap_err()), [("a", "done")]);
    assert_eq!(world.log().len(), 2 + 4);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_undone_is_gone_on_with_later() {
    let world = World::default().will("bad", [Do::Fail("say.bad")]).will(
        "undo b (b-1)",
        [Do::Fail("undo.closed"), Do::Fail("undo.closed")],
    );
    let steps = json!([make("a"), make("b"), make("c"), say("bad", "bad")]);
    let mut failure = run(&saga(&steps), &world).await.unwrap_err();
    assert_eq!(failure.code(), "say.bad");
    assert_eq!(
        report(&failure),
        [("c", "done"), ("b", "failed"), ("a", "pending")]
    );
    let left = Unfinished::of(&mut failure).expect("two steps are left");
    assert_eq!(left.steps(), ["b", "a"]);
    assert!(Unfinished::of(&mut failure).is_none(), "it is taken once");

    let mut failure = left.resume().await.unwrap_err();
    assert_eq!(failure.code(), "undo.unfinished");
    assert_eq!(report(&failure), [("b", "failed"), ("a", "pending")]);
    let left = Unfinished::of(&mut failure).expect("they are left still");
    left.resume().await.unwrap();
    assert_eq!(
        world.log()[6..],
        ["undo b (b-1)", "undo b (b-1)", "undo a (a-1)"]
    );
}
