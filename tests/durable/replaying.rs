//! Runs that go on from their journal: what they had come to stands, and what was undone is another effect.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use enact::action::BoxFuture;
use enact::prelude::*;
use enact::signal::{Envelope, Sink, sink};
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::Memory;
use serde::{Serialize, Serializer};

use crate::holding::World;
use crate::ledger::{Ledger, Make, folder};
use crate::resuming::Gate;
use crate::runs::Approved;

/// Something was announced.
#[signal(type = "order.announced", source = "/shop")]
struct Announced;

/// Takes what is sent once the gate is open.
struct Door(Gate);

impl Sink for Door {
    fn accept(&self, _: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        let is_open = self.0.0.load(Ordering::Acquire);
        let shut = || Failure::terminal("door.shut", "nobody takes it");
        Box::pin(std::future::ready(is_open.then_some(()).ok_or_else(shut)))
    }
}

/// Can be undone once the gate is open.
#[derive(Debug, Action)]
#[action(undo)]
struct Borrow;

impl Run for Borrow {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Ledger>()?.write("borrowed")
    }
}

impl Undo for Borrow {
    async fn undo(&self, _: Option<&()>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Ledger>()?.write("brought back")?;
        if cx.resource::<Gate>()?.0.load(Ordering::Acquire) {
            return Ok(());
        }
        Err(Failure::terminal("borrow.closed", "nobody takes it back"))
    }
}

workflow! {
    /// Tells between two steps.
    #[workflow(saga)]
    Announcing {} -> String {
        step _borrowed = Borrow {};
        emit Announced;
        step last = Make { what: "last".to_owned() };
        last
    }
}

#[tokio::test(start_paused = true)]
async fn an_emit_that_failed_fails_again_when_the_run_goes_on_going_back() {
    let (gate, folder) = (Gate::default(), folder("emit-failed"));
    let ledger = folder.join("ledger");
    let cx = Context::builder()
        .resource(Ledger::open(&ledger))
        .resource(gate.clone())
        .resource(sink(Door(gate.clone())))
        .build();
    let engine = Engine::with(Box::new(Memory::default()), Settings::default(), &cx).unwrap();
    let run = engine.start("a", Announcing::new()).await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().code(), "door.shut");
    gate.0.store(true, Ordering::Release);
    engine.undo("a").await.unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().code(), "door.shut");
    let lines = ["borrowed", "brought back", "brought back"];
    assert_eq!(Ledger::lines(&ledger), lines);
    // Tried again, it goes on from there.
    engine.retry("a").await.unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "made last");
}

/// Leaves a line, and may be done again under its key.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
struct Charge;

impl Run for Charge {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or_default();
        cx.resource::<Ledger>()?.write(key)
    }
}

/// Fails until the gate is open.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Open;

impl Run for Open {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        if cx.resource::<Gate>()?.0.load(Ordering::Acquire) {
            return Ok(());
        }
        Err(Failure::terminal("open.shut", "it is shut"))
    }
}

workflow! {
    /// Packs behind a gate.
    #[workflow(saga)]
    Packs {} -> String {
        step packed = Make { what: "packed".to_owned() };
        step _label = Charge {};
        step _open = Open {};
        packed
    }
}

workflow! {
    /// Pays, and has it packed.
    Buying {} -> String {
        step _charged = Charge {};
        step packed = Packs {};
        packed
    }
}

#[test]
fn what_was_done_before_anything_that_was_undone_is_not_done_again() {
    let world = World::new("charged-once");
    world.live(async |engine: &Engine| {
        let run = engine.start("a", Buying::new()).await.unwrap();
        assert_eq!(run.answer().await.unwrap_err().code(), "open.shut");
        world.open_gate();
        engine.retry("a").await.unwrap();
        let run = engine.run("a").await.unwrap();
        assert_eq!(run.answer().await.unwrap(), "made packed");
    });
    let lines = [
        "a/_charged",
        "a/packed/packed",
        "a/packed/_label",
        "a/packed/packed/undo",
        "a/packed/packed~1",
        "a/packed/_label~1",
    ];
    assert_eq!(world.lines(), lines);
}

/// Fails the first time that it is asked, so that what is around it is tried again.
#[derive(Debug, Action)]
#[action(effect = read)]
struct AtTheSecond;

impl Run for AtTheSecond {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        if cx.resource::<Gate>()?.0.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        Err(Failure::retryable("second.first", "once more"))
    }
}

/// Is reserved, and can be given back.
#[derive(Debug, Action)]
#[action(effect = idempotent, undo)]
struct Reserve;

impl Run for Reserve {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or_default();
        cx.resource::<Ledger>()?.write(key)
    }
}

impl Undo for Reserve {
    async fn undo(&self, _: Option<&()>, cx: &Context) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or_default();
        cx.resource::<Ledger>()?.write(key)
    }
}

workflow! {
    /// Reserves, and is tried again as a whole.
    #[workflow(saga)]
    Reserving {} -> String {
        step _reserved = Reserve {};
        step _second = AtTheSecond {};
        "reserved".to_owned()
    }
}

workflow! {
    /// Has it reserved.
    HasReserved {} -> String {
        step reserved = Reserving {} with retry(times = 3, backoff = "1ms"..="1ms");
        reserved
    }
}

#[test]
fn a_workflow_inside_that_went_back_does_it_anew_under_another_key() {
    let world = World::new("inside-again");
    world.live(async |engine: &Engine| {
        let run = engine.start("a", HasReserved::new()).await.unwrap();
        assert_eq!(run.answer().await.unwrap(), "reserved");
    });
    let lines = [
        "a/reserved/_reserved",
        "a/reserved/_reserved/undo",
        "a/reserved/_reserved~1",
    ];
    assert_eq!(world.lines(), lines);
}

workflow! {
    /// Waits.
    OnlyWaits {} -> String {
        wait approval = Approved;
        approval.by
    }
}

workflow! {
    /// Gives what waits ten minutes.
    GivesTime {} -> String {
        step inner = OnlyWaits {} with timeout("10m");
        inner
    }
}

#[test]
fn the_bound_of_a_workflow_inside_that_only_waits_is_kept() {
    let world = World::new("inside-bounded");
    let failure = world.live(async |engine: &Engine| {
        let run = engine.start("a", GivesTime::new()).await.unwrap();
        run.answer().await.unwrap_err()
    });
    assert_eq!(failure.code(), "timeout.attempt");
}

/// Can be read, and not written.
#[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
struct Odd;

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("it is odd"))
    }
}

/// Answers with what can't be written.
#[derive(Debug, Action)]
#[action(undo)]
struct Oddly;

impl Run for Oddly {
    type Output = Odd;

    async fn run(&self, cx: &Context) -> Result<Odd, Failure> {
        cx.resource::<Ledger>()?.write("odd")?;
        Ok(Odd)
    }
}

impl Undo for Oddly {
    async fn undo(&self, _: Option<&Odd>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Ledger>()?.write("odd/undo")
    }
}

workflow! {
    /// Does what can't be recorded.
    #[workflow(saga)]
    Oddities {} -> String {
        step _odd = Oddly {};
        String::new()
    }
}

#[test]
fn what_was_done_and_can_not_be_recorded_is_undone() {
    let world = World::new("odd-output");
    world.live(async |engine: &Engine| {
        let run = engine.start("a", Oddities::new()).await.unwrap();
        assert_eq!(run.answer().await.unwrap_err().step(), Some("_odd"));
    });
    assert_eq!(world.lines(), ["odd", "odd/undo"]);
}

/// Is refused by a program that is stricter by now.
#[derive(Debug, Clone, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
struct Strict(String);

thread_local! {
    static STRICT: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

impl TryFrom<String> for Strict {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if STRICT.get() {
            return Err("nothing is right any more");
        }
        Ok(Self(text))
    }
}

impl From<Strict> for String {
    fn from(strict: Strict) -> Self {
        strict.0
    }
}

workflow! {
    /// Makes something, and waits.
    #[workflow(saga)]
    Strictly { #[param(opaque)] what: Strict } -> String {
        step made = Make { what: what.0.clone() };
        wait _approval = Approved;
        made
    }
}

#[test]
fn a_run_whose_params_are_refused_by_now_is_held_and_goes_on_in_a_program_that_takes_them() {
    let world = World::new("refused-by-now");
    let what = Strict("made".to_owned());
    world.crash_after(Strictly::new(what), 1);
    STRICT.set(true);
    world.live(async |engine: &Engine| {
        while engine.held().await.unwrap().is_empty() {
            crate::holding::idle().await;
        }
        let held = engine.held().await.unwrap();
        assert!(held[0].why.contains("refused by now"), "{held:?}");
    });
    STRICT.set(false);
    assert_eq!(world.undone(), Vec::<String>::new());
    world.live(async |engine: &Engine| {
        let by = "ada".to_owned();
        engine.signal("a", &Approved { by }, None).await.unwrap();
        let run = engine.run("a").await.unwrap();
        assert_eq!(run.answer().await.unwrap(), "made made");
    });
}

workflow! {
    /// Makes something, sleeps, and is tried again as a whole.
    #[workflow(saga)]
    Sleeps {} -> String {
        step _made = Reserve {};
        sleep "1ms";
        step asked = Asked {};
        step _second = AtTheSecond {};
        asked.to_string()
    }
}

workflow! {
    /// Has that done, and fails until the gate is open.
    SleepsInside {} -> String {
        step slept = Sleeps {} with retry(times = 3, backoff = "1ms"..="1ms");
        step _open = FailsOnce {};
        slept
    }
}

/// How often it was asked before.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Asked;

impl Run for Asked {
    type Output = usize;

    async fn run(&self, _: &Context) -> Result<usize, Failure> {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        Ok(ASKED.fetch_add(1, Ordering::AcqRel))
    }
}

/// Fails the first time that any run comes by.
#[derive(Debug, Action)]
#[action(effect = read)]
struct FailsOnce;

impl Run for FailsOnce {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        static CAME: AtomicBool = AtomicBool::new(false);
        cx.resource::<Ledger>()?.write("comes by")?;
        if CAME.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        Err(Failure::terminal("fails.once", "not yet"))
    }
}

#[test]
fn what_was_done_after_it_was_undone_stands_when_the_run_is_tried_again() {
    let world = World::new("stands-again");
    world.live(async |engine: &Engine| {
        let run = engine.start("a", SleepsInside::new()).await.unwrap();
        assert_eq!(run.answer().await.unwrap_err().code(), "fails.once");
        engine.retry("a").await.unwrap();
        let run = engine.run("a").await.unwrap();
        // That of the attempt that stands, and not of the one that was gone back from.
        assert_eq!(run.answer().await.unwrap(), "1");
    });
    let lines = [
        "a/slept/_made",
        "a/slept/_made/undo",
        "a/slept/_made~1",
        "comes by",
        "comes by",
    ];
    assert_eq!(world.lines(), lines);
}
