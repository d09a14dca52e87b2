//! What is asked of runs: terminate, retry, and all of it from beside the engine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use enact::prelude::*;
use enact::workflow::engine::{Client, Durable, Engine, Kind as Why, Status};
use serde_json::json;

use crate::ledger::{Ledger, Make, folder};
use crate::parking::{counted, hasty};
use crate::runs::{Approved, Wait, cx};

/// Whether the world is as a step needs it, and a gate that may be shut.
#[derive(Debug, Default)]
struct World {
    ready: AtomicBool,
    open: tokio::sync::SetOnce<()>,
}

pub(crate) fn world(folder: &Path) -> Context {
    let builder = Context::builder().resource(Ledger::open(&folder.join("ledger")));
    builder.resource(Arc::new(World::default())).build()
}

pub(crate) fn ready(cx: &Context) {
    let world: &Arc<World> = cx.resource().unwrap();
    world.ready.store(true, Ordering::Relaxed);
}

pub(crate) fn open(cx: &Context) {
    let world: &Arc<World> = cx.resource().unwrap();
    world.open.set(()).unwrap();
}

/// Fails until the world is ready.
#[derive(Debug, Action)]
pub(crate) struct Depend {
    /// On what.
    pub(crate) what: String,
}

impl Run for Depend {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let world: &Arc<World> = cx.resource()?;
        if world.ready.load(Ordering::Relaxed) {
            return Ok(format!("{:?}", self.what));
        }
        Err(Failure::terminal(
            "depend.not_ready",
            "the world is not ready",
        ))
    }
}

/// Goes through a gate.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub(crate) struct Enter {
    /// Who.
    pub(crate) who: String,
}

impl Run for Enter {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let world: &Arc<World> = cx.resource()?;
        world.open.wait().await;
        Ok(format!("through {}", self.who))
    }
}

workflow! {
    /// Goes through a gate.
    pub(crate) Gated { who: String } -> String {
        step entered = Enter { who };
        entered
    }
}

workflow! {
    /// Makes one thing after the other, the last one of which depends on the world.
    pub(crate) Chain { what: String } -> String {
        step one = Make { what: format!("{what} one") };
        step two = Depend { what: one };
        step three = Make { what: "three".to_owned() };
        format!("{two}, {three}")
    }
}

workflow! {
    /// The same, and goes back where that fails.
    #[workflow(saga)]
    pub(crate) Saga { what: String } -> String {
        step one = Make { what };
        step two = Peek { what: one };
        two
    }
}

/// Fails until the world is ready, and changes nothing.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Peek {
    /// At what.
    pub(crate) what: String,
}

impl Run for Peek {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let what = self.what.clone();
        Depend { what }.run(cx).await
    }
}

#[tokio::test]
async fn a_failed_run_goes_on_from_the_step_that_failed() {
    let folder = folder("asking-retry");
    let cx = world(&folder);
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Chain::new("x")).await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().step(), Some("two"));
    engine.retry("a").await.unwrap();
    let again = engine.run("a").await.unwrap();
    assert_eq!(again.answer().await.unwrap_err().code(), "depend.not_ready");
    ready(&cx);
    engine.retry("a").await.unwrap();
    let done = engine.run("a").await.unwrap().answer().await.unwrap();
    assert_eq!(done, "\"made x one\", made three");
    let error = engine.retry("a").await.unwrap_err();
    assert_eq!(error.kind(), Why::NotFailed);
    drop((run, again));
    assert_eq!(Ledger::lines(&folder.join("ledger")), ["a/one", "a/three"]);
}

#[tokio::test]
async fn what_was_undone_is_done_anew_under_another_key() {
    let folder = folder("asking-saga");
    let cx = world(&folder);
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Saga::new("x")).await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().step(), Some("two"));
    engine.close().await;
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    engine.retry("a").await.unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().step(), Some("two"));
    ready(&cx);
    engine.retry("a").await.unwrap();
    let done = engine.run("a").await.unwrap().answer().await.unwrap();
    assert_eq!(done, "\"made x\"");
    let keys = ["a/one", "a/one/undo", "a/one~1", "a/one~1/undo", "a/one~2"];
    assert_eq!(Ledger::lines(&folder.join("ledger")), keys);
}

/// Offers some things, others each time; what was offered can be taken back.
#[derive(Debug, Action)]
#[action(undo)]
struct Offer {
    /// To whom.
    to: String,
}

impl Run for Offer {
    type Output = Vec<String>;

    async fn run(&self, cx: &Context) -> Result<Vec<String>, Failure> {
        let ledger: &Ledger = cx.resource()?;
        let key = cx.idempotency_key().unwrap_or_default();
        ledger.write(key)?;
        Ok(vec![format!("{key} x"), format!("{key} y")])
    }
}

impl Undo for Offer {
    async fn undo(&self, _: Option<&Vec<String>>, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

/// Reads what stands on a label.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Read {
    /// The label.
    label: String,
}

impl Run for Read {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(self.label.to_uppercase())
    }
}

workflow! {
    /// Depends at every turn on what is offered.
    #[workflow(saga)]
    pub(crate) Offers { to: String } -> String {
        step offer = Offer { to };
        branch first = if offer[0].contains('~') {
            step again = Read { label: format!("again {}", offer[0]) };
            again
        } else {
            step once = Read { label: format!("once {}", offer[0]) };
            once
        };
        parallel labels = for label in offer, max = 4 { step read = Read { label }; read };
        wait yes = Approved where subject == labels[0];
        step last = Peek { what: format!("{first}, {}, {}", labels.join(" "), yes.by) };
        last
    }
}

#[tokio::test]
async fn what_depends_on_what_was_undone_is_found_anew() {
    let folder = folder("asking-anew");
    let cx = world(&folder);
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Offers::new("ada")).await.unwrap();
    let approved = |by: &str| Approved { by: by.to_owned() };
    let subject = |label: &str| Some(label.to_owned());
    engine
        .signal("a", &approved("eve"), subject("A/OFFER X"))
        .await
        .unwrap();
    assert_eq!(run.answer().await.unwrap_err().step(), Some("last"));
    ready(&cx);
    engine.retry("a").await.unwrap();
    // Whatever process goes on with it.
    engine.close().await;
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.run("a").await.unwrap();
    engine
        .signal("a", &approved("bob"), subject("A/OFFER~1 X"))
        .await
        .unwrap();
    let expected = "\"AGAIN A/OFFER~1 X, A/OFFER~1 X A/OFFER~1 Y, bob\"";
    assert_eq!(run.answer().await.unwrap(), expected);
}

#[tokio::test]
async fn a_terminated_run_ends_where_it_stands() {
    let folder = folder("asking-terminate");
    let cx = world(&folder);
    let engine = Engine::open_with(folder.join("runs.db"), hasty(), &cx).unwrap();
    let run = engine.start("a", Gated::new("x")).await.unwrap();
    engine.terminate("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().code(), "run.terminated");
    let waits = engine.start("b", Wait::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    engine.terminate("b").await.unwrap();
    assert_eq!(waits.answer().await.unwrap_err().code(), "run.terminated");
    assert_eq!(Ledger::lines(&folder.join("ledger")), ["b/made"]);
    let error = engine.terminate("b").await.unwrap_err();
    assert_eq!(error.kind(), Why::NotThere);
    let error = engine.terminate("none").await.unwrap_err();
    assert!(error.to_string().contains("`list` tells"), "{error}");
}

#[tokio::test]
async fn a_client_asks_of_runs_in_memory_and_of_those_that_are_not() {
    let (cx, folder) = cx("asking-client");
    let path = folder.join("runs.db");
    assert_eq!(Client::open(&path).unwrap_err().kind(), Why::Journal);
    let parks = Engine::open_with(&path, hasty(), &cx).unwrap();
    let client = Client::open(&path).unwrap();
    let ids = ["signal", "cancel", "terminate"];
    let mut runs = Vec::new();
    for id in ids {
        runs.push(parks.start(id, Wait::new("1042")).await.unwrap());
    }
    counted(&parks, |counts| counts.waiting == 3).await;
    ask_all(&client).await;
    let answers = answers(&runs).await;
    assert_eq!(
        answers,
        ["made early for eve", "cancelled", "run.terminated"]
    );
    let listed = client.list(2).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|run| (&*run.id, run.status)).collect();
    assert_eq!(
        listed,
        [("terminate", Status::Failed), ("cancel", Status::Failed)]
    );
    let late = client
        .signal("signal", "order.approved", None, json!({}))
        .await;
    assert_eq!(late.unwrap_err().kind(), Why::NotThere);
    client.retry("terminate").await.unwrap();
    let found = client.find("terminate").await.unwrap();
    assert_eq!((found.status, found.ended), (Status::Open, None));
}

#[tokio::test]
async fn what_a_client_left_while_nobody_ran_it_is_there_for_the_next_engine() {
    let (cx, folder) = cx("asking-between");
    let path = folder.join("runs.db");
    let engine = Engine::open(&path, &cx).unwrap();
    for id in ["signal", "cancel", "terminate"] {
        engine.start(id, Wait::new("1042")).await.unwrap();
    }
    engine.close().await;
    ask_all(&Client::open(&path).unwrap()).await;
    let engine = Engine::open(&path, &cx).unwrap();
    let mut runs = Vec::new();
    for id in ["signal", "cancel", "terminate"] {
        runs.push(engine.start(id, Wait::new("1042")).await.unwrap());
    }
    let answers = answers(&runs).await;
    assert_eq!(
        answers,
        ["made early for eve", "cancelled", "run.terminated"]
    );
}

async fn ask_all(client: &Client) {
    let subject = Some("1042".to_owned());
    let signal = client.signal("signal", "order.approved", subject, json!({ "by": "eve" }));
    signal.await.unwrap();
    client.cancel("cancel").await.unwrap();
    client.terminate("terminate").await.unwrap();
}

async fn answers(runs: &[Durable<String>]) -> Vec<String> {
    let mut answers = Vec::new();
    for run in runs {
        let answer = run.answer().await;
        answers.push(answer.unwrap_or_else(|failure| failure.code().to_owned()));
    }
    answers
}

#[tokio::test]
async fn a_closed_engine_leaves_its_runs_to_the_next() {
    let folder = folder("asking-close");
    let cx = world(&folder);
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Gated::new("x")).await.unwrap();
    engine.close().await;
    assert_eq!(run.answer().await.unwrap_err().code(), "engine.closed");
    let late = engine.start("b", Gated::new("x")).await.unwrap_err();
    assert_eq!(late.kind(), Why::Journal);
    open(&cx);
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "through x");
}
