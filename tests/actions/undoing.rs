//! The undo: once, after the last attempt, whatever ended it; the failure stays what it was.

use std::time::Duration;

use enact::Undone;
use enact::prelude::*;
use serde_json::json;

use crate::world::{Do, Scripted, Undoable, World};

const UNDO: &str = "undo None cancelled=false";

fn undoable() -> Undoable {
    Undoable::new()
}

fn is_done(failure: &Failure) -> bool {
    matches!(failure.undone(), Some(Undone::Done))
}

#[tokio::test(start_paused = true)]
async fn success_is_not_undone() {
    let world = World::default();
    undoable().exec(&world.cx()).await.unwrap();
    assert_eq!(world.log(), ["run 1"]);
}

#[tokio::test(start_paused = true)]
async fn the_undo_runs_once_after_the_last_attempt() {
    let world = World::doing((0..9).map(|_| Do::Fail("busy")));
    let failure = undoable()
        .exec(&world.cx())
        .retry(Retry::times(2))
        .await
        .unwrap_err();
    assert_eq!(world.log(), ["run 1", "run 2", "run 3", UNDO]);
    assert_eq!((failure.code(), failure.attempts()), ("busy", 3));
    assert!(is_done(&failure));
}

#[tokio::test(start_paused = true)]
async fn params_that_break_a_rule_leave_nothing_to_undo() {
    let world = World::default();
    let failure = Undoable { small: 10 }.exec(&world.cx()).await.unwrap_err();
    assert!(failure.undone().is_none());
    assert!(world.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_undone() {
    let world = World::doing([Do::Hang]);
    let exec = undoable().exec(&world.cx()).timeout(Duration::from_secs(1));
    let failure = exec.await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout);
    assert_eq!(world.log(), ["run 1", UNDO]);
    assert!(is_done(&failure));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_undone() {
    let world = World::doing([Do::Panic]);
    let failure = undoable().exec(&world.cx()).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Panicked);
    assert_eq!(world.log(), ["run 1", "panicking", UNDO]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_is_undone_by_an_undo_that_is_not_cancelled() {
    let world = World::doing([Do::Hang]);
    let handle = undoable().exec(&world.cx()).spawn();
    tokio::task::yield_now().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert_eq!(world.log(), ["run 1", UNDO]);
    assert!(is_done(&failure));
}

#[tokio::test(start_paused = true)]
async fn a_failing_undo_is_reported_and_hides_nothing() {
    let world = World::doing([Do::Give("card.declined")]).undoing(Do::Give("refund.closed"));
    let failure = undoable().exec(&world.cx()).await.unwrap_err();
    assert_eq!(failure.code(), "card.declined");
    let Some(Undone::Failed(undo)) = failure.undone() else {
        panic!("{failure:?}")
    };
    assert_eq!(undo.code(), "refund.closed");
    let json = serde_json::to_value(&failure).unwrap();
    assert_eq!(
        (&json["undone"], &json["undo_failure"]["code"]),
        (&json!(false), &json!("refund.closed"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_hanging_or_panicking_undo_ends() {
    for (undo, code) in [(Do::Hang, "timeout.undo"), (Do::Panic, "panicked")] {
        let world = World::doing([Do::Give("declined")]).undoing(undo);
        let failure = undoable().exec(&world.cx()).await.unwrap_err();
        let Some(Undone::Failed(undo)) = failure.undone() else {
            panic!("{failure:?}")
        };
        assert_eq!(undo.code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn the_registry_undoes_too() {
    let world = World::doing([Do::Give("declined")]);
    let call = Registry::global()
        .call("undoable", json!({}), &world.cx())
        .await;
    assert!(is_done(&call.unwrap_err()));
    assert_eq!(world.log(), ["run 1", UNDO]);
}

/// Writes something, then runs another action with params that break a rule.
#[derive(Debug, Action)]
#[action(undo, needs(World))]
struct Careless;

impl Run for Careless {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<World>()?.note("written");
        Scripted { small: 10 }.exec(cx).await
    }
}

impl Undo for Careless {
    async fn undo(&self, _output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<World>()?.note("undone");
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn refused_params_of_an_action_inside_are_a_failure_of_the_one_around_and_undone() {
    let world = World::default();
    let failure = Careless::new().exec(&world.cx()).await.unwrap_err();
    assert_eq!(world.log(), ["written", "undone"]);
    assert_eq!(
        (failure.kind(), failure.code()),
        (Kind::Failed, "invalid.inside")
    );
    assert!(
        failure.violations().is_none(),
        "they are not of its own params"
    );
    assert!(
        failure
            .source()
            .unwrap()
            .to_string()
            .starts_with("/small: found 10")
    );
    assert!(
        !failure.for_model().contains("nothing was done"),
        "{}",
        failure.for_model()
    );
}

/// The keys of what was asked for.
#[derive(Debug, Clone, Default)]
struct Keys(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl Keys {
    fn push(cx: &Context) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or("none").to_owned();
        let mut keys = cx
            .resource::<Self>()?
            .0
            .lock()
            .expect("nobody has panicked");
        keys.push(key);
        Ok(())
    }
}

/// Fails after it has asked.
#[derive(Debug, Action)]
#[action(undo)]
struct Keyed;

impl Run for Keyed {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        Keys::push(cx)?;
        Err(Failure::terminal("keyed.bad", "it fails"))
    }
}

impl Undo for Keyed {
    async fn undo(&self, _: Option<&()>, cx: &Context) -> Result<(), Failure> {
        Keys::push(cx)
    }
}

#[tokio::test]
async fn the_undo_is_another_effect_and_has_another_key() {
    let keys = Keys::default();
    let with = || Context::builder().resource(keys.clone());
    for cx in [with().idempotency_key("order-7").build(), with().build()] {
        Keyed {}.exec(&cx).await.unwrap_err();
    }
    let asked = keys.0.lock().unwrap().clone();
    assert_eq!(asked, ["order-7", "order-7/undo", "none", "none"]);
}
