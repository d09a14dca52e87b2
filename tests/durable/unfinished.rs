//! Sagas in which the undo of a step fails, and that go on with it once what was in the way is gone.

use std::sync::atomic::Ordering;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Kind as EngineKind};
use enact::{UndoOutcome, Undone};

use crate::holding::World;
use crate::ledger::{Ledger, Make, folder};
use crate::parking::{Hands, hasty};
use crate::resuming::{Gate, Pass};

/// Can be undone once the gate is open.
#[derive(Debug, Action)]
#[action(undo)]
struct Lend;

impl Run for Lend {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Ledger>()?.write("lent")?;
        Ok("lent".to_owned())
    }
}

impl Undo for Lend {
    async fn undo(&self, output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        assert_eq!(output.map(String::as_str), Some("lent"));
        cx.resource::<Ledger>()?
            .write(cx.idempotency_key().unwrap())?;
        if cx.resource::<Gate>()?.0.load(Ordering::Acquire) {
            return Ok(());
        }
        Err(Failure::terminal("lend.away", "it is not back yet"))
    }
}

workflow! {
    /// Fails, and can go back once the gate is open.
    #[workflow(saga, deadline = "7d")]
    Lending {} -> String {
        step first = Make { what: "first".to_owned() };
        step lent = Lend {};
        step last = Make { what: "last".to_owned() };
        step bad = Make { what: "bad".to_owned() };
        format!("{first} {lent} {last} {bad}")
    }
}

/// What the effects left up to where going back stopped.
const BEFORE: [&str; 7] = [
    "a/first",
    "lent",
    "a/last",
    "a/bad",
    "a/bad/undo",
    "a/last/undo",
    "a/lent/undo",
];

/// Each step's path, and what came of its undo.
fn told(failure: &Failure) -> Vec<(String, String)> {
    let Some(Undone::Steps(steps)) = failure.undone() else {
        panic!("nothing is told: {failure:?}");
    };
    let told = steps.iter().map(|step| {
        let outcome = match &step.outcome {
            UndoOutcome::Done => "done",
            UndoOutcome::Failed(failure) => failure.code(),
            UndoOutcome::Pending => "pending",
            other => panic!("what is {other:?}?"),
        };
        (step.path.clone(), outcome.to_owned())
    });
    told.collect()
}

fn outcomes(failure: &Failure) -> Vec<String> {
    told(failure)
        .into_iter()
        .map(|(_, outcome)| outcome)
        .collect()
}

async fn undone(engine: &Engine) -> Failure {
    engine.undo("a").await.unwrap();
    answered(engine).await
}

async fn answered(engine: &Engine) -> Failure {
    let run = engine.run("a").await.unwrap();
    run.answer().await.unwrap_err()
}

/// A run that has failed and could not go back.
fn stuck(name: &str) -> World {
    let world = World::new(name);
    let failure = world.live(async |engine: &Engine| {
        let run = engine.start("a", Lending::new()).await.unwrap();
        run.answer().await.unwrap_err()
    });
    assert_eq!(outcomes(&failure), ["done", "done", "lend.away", "pending"]);
    assert_eq!(world.lines(), BEFORE);
    world
}

#[test]
fn a_later_process_undoes_what_is_left_and_nothing_twice() {
    let world = stuck("unfinished-later");
    world.open_gate();
    let failure = world.live(undone);
    assert_eq!((failure.code(), failure.step()), ("make.bad", Some("bad")));
    let paths = ["bad", "last", "lent", "first"];
    let all = paths.map(|path| (path.to_owned(), "done".to_owned()));
    assert_eq!(told(&failure), all);
    let more = ["a/lent/undo", "a/first/undo"];
    assert_eq!(world.lines(), [&BEFORE[..], &more].concat());
}

#[test]
fn an_undo_that_fails_again_can_be_gone_on_with_again() {
    let world = stuck("unfinished-again");
    let failure = world.live(undone);
    assert_eq!(outcomes(&failure), ["done", "done", "lend.away", "pending"]);
    world.open_gate();
    let failure = world.live(undone);
    assert_eq!(outcomes(&failure), ["done"; 4]);
    let more = ["a/lent/undo", "a/lent/undo", "a/first/undo"];
    assert_eq!(world.lines(), [&BEFORE[..], &more].concat());
}

#[test]
fn a_crash_while_it_goes_on_going_back_loses_nothing() {
    let world = stuck("unfinished-crash");
    world.open_gate();
    world.live(async |engine: &Engine| {
        engine.undo("a").await.unwrap();
        world.until(BEFORE.len() + 1).await;
    });
    let failure = world.live(answered);
    assert_eq!(outcomes(&failure), ["done"; 4]);
    let (lent, others): (Vec<_>, Vec<_>) = world
        .undone()
        .into_iter()
        .partition(|path| path == "a/lent");
    assert_eq!(others, ["a/bad", "a/first", "a/last"]);
    // What the crash interrupted is done again, unless it was recorded before.
    assert!((2..=3).contains(&lent.len()), "{lent:?}");
}

#[test]
fn a_run_that_left_nothing_is_not_opened_again() {
    let world = stuck("unfinished-nothing");
    world.open_gate();
    world.live(async |engine: &Engine| {
        undone(engine).await;
        let refused = engine.undo("a").await.unwrap_err();
        assert_eq!(refused.kind(), EngineKind::NothingLeft);
        let refused = engine.client().undo("a").await.unwrap_err();
        assert_eq!(refused.kind(), EngineKind::NothingLeft);
        assert!(refused.to_string().contains("`retry`"), "{refused}");
        let missing = engine.undo("b").await.unwrap_err();
        assert_eq!(missing.kind(), EngineKind::NotThere);
        let run = engine.start("c", LendingOut::new()).await.unwrap();
        run.answer().await.unwrap();
        let answered = engine.undo("c").await.unwrap_err();
        assert_eq!(answered.kind(), EngineKind::NothingLeft);
    });
}

#[test]
fn a_run_that_went_back_at_last_is_tried_again_from_its_start() {
    let world = stuck("unfinished-retry");
    world.open_gate();
    world.live(async |engine: &Engine| {
        undone(engine).await;
        engine.retry("a").await.unwrap();
        answered(engine).await;
    });
    let lines = world.lines();
    let again = &lines[BEFORE.len() + 2..];
    assert_eq!(&again[..4], ["a/first~1", "lent", "a/last~1", "a/bad~1"]);
}

workflow! {
    /// Lends something, and waits at the gate.
    #[workflow(saga)]
    LendingOut {} -> String {
        step lent = Lend {};
        step passed = Pass { so_far: lent.clone() };
        passed
    }
}

#[test]
fn a_run_that_was_cancelled_goes_on_going_back_and_not_on() {
    let world = World::new("unfinished-cancelled");
    let failure = world.live(async |engine: &Engine| {
        let run = engine.start("a", LendingOut::new()).await.unwrap();
        world.until(1).await;
        engine.cancel("a").await.unwrap();
        run.answer().await.unwrap_err()
    });
    assert_eq!(failure.kind(), Kind::Cancelled);
    world.open_gate();
    let failure = world.live(undone);
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert!(outcomes(&failure).iter().all(|outcome| outcome == "done"));
    assert_eq!(world.undone(), ["a/lent", "a/lent"]);
}

#[tokio::test]
async fn a_run_whose_deadline_is_over_by_now_goes_on_going_back() {
    let folder = folder("unfinished-deadline");
    let gate = Gate::default();
    let ledger = folder.join("ledger");
    let builder = Context::builder().resource(Ledger::open(&ledger));
    let cx = builder.resource(gate.clone()).build();
    let hands = Hands::default();
    let settings = hasty().clock(hands.clone());
    let engine = Engine::open_with(folder.join("runs.db"), settings.clone(), &cx).unwrap();
    let run = engine.start("a", Lending::new()).await.unwrap();
    drop(run.answer().await.unwrap_err());
    engine.close().await;
    hands.to_day(30);
    gate.0.store(true, Ordering::Release);
    let engine = Engine::open_with(folder.join("runs.db"), settings, &cx).unwrap();
    let failure = undone(&engine).await;
    assert_eq!(failure.code(), "make.bad");
    assert_eq!(outcomes(&failure), ["done"; 4]);
    let more = ["a/lent/undo", "a/first/undo"];
    assert_eq!(Ledger::lines(&ledger), [&BEFORE[..], &more].concat());
}
