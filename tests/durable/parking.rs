//! Runs that only wait: they leave memory, and come back when their time or their signal does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Clock, Engine, Settings};
use enact::workflow::journal::{Counts, Memory};

use crate::ledger::{Ledger, Make, folder};
use crate::runs::{Approved, Wait, cx};

/// A clock whose hands the test moves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hands(Arc<AtomicU64>);

impl Clock for Hands {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Hands {
    pub(crate) fn to_day(&self, day: u64) {
        self.0.store(day * 24 * 60 * 60 * 1000, Ordering::Relaxed);
    }
}

/// Runs leave at once, and the journal is looked at all the time.
pub(crate) fn hasty() -> Settings {
    let settings = Settings::default().linger(Duration::ZERO);
    settings.poll(Duration::from_millis(1))
}

/// Waits until the journal counts so many open runs.
pub(crate) async fn counted(engine: &Engine, is: impl Fn(Counts) -> bool) {
    while !is(engine.client().counts().await.unwrap()) {
        tokio::task::yield_now().await;
    }
}

fn approved(by: &str) -> Approved {
    Approved { by: by.to_owned() }
}

#[tokio::test]
async fn a_run_that_waits_leaves_memory_and_a_signal_brings_it_back() {
    let (cx, folder) = cx("parking-signal");
    let engine = Engine::open_with(folder.join("runs.db"), hasty(), &cx).unwrap();
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    assert_eq!(engine.live(), 0);
    let other = approved("eve");
    engine
        .signal("a", &other, Some("1".to_owned()))
        .await
        .unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    let right = approved("ada");
    engine
        .signal("a", &right, Some("1042".to_owned()))
        .await
        .unwrap();
    assert_eq!(run.answer().await.unwrap(), "made early for ada");
    assert_eq!(Ledger::lines(&folder.join("ledger")), ["a/made"]);
}

#[tokio::test]
async fn many_that_wait_are_not_in_memory_and_all_come_back() {
    let (cx, _) = cx("parking-many");
    let engine = Engine::with(Box::new(Memory::default()), hasty().most_live(20), &cx).unwrap();
    let mut runs = Vec::new();
    for n in 0..200 {
        let run = engine.start(&format!("run-{n}"), Wait::new("1042")).await;
        runs.push(run.unwrap());
    }
    counted(&engine, |counts| counts.waiting == 200).await;
    assert_eq!(engine.live(), 0);
    for n in 0..200 {
        let subject = Some("1042".to_owned());
        engine
            .signal(&format!("run-{n}"), &approved("ada"), subject)
            .await
            .unwrap();
        assert!(engine.live() <= 20);
    }
    for run in runs {
        assert_eq!(run.answer().await.unwrap(), "made early for ada");
    }
}

#[tokio::test]
async fn a_cancelled_run_comes_back_to_go_back() {
    let (cx, folder) = cx("parking-cancel");
    let engine = Engine::open_with(folder.join("runs.db"), hasty(), &cx).unwrap();
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    engine.cancel("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().kind(), Kind::Cancelled);
    let lines = Ledger::lines(&folder.join("ledger"));
    assert_eq!(lines, ["a/made", "a/made/undo"]);
}

workflow! {
    /// Reminds of something, much later.
    pub(crate) Remind { what: String } -> String {
        step before = Make { what: format!("{what} asked") };
        sleep "90d";
        step after = Make { what };
        format!("{before}, {after}")
    }
}

#[tokio::test]
async fn a_sleep_of_months_is_over_once_whatever_the_clock_does() {
    let (cx, folder) = cx("parking-sleep");
    let hands = Hands::default();
    hands.to_day(1000);
    let settings = hasty().clock(hands.clone());
    let engine = Engine::open_with(folder.join("runs.db"), settings.clone(), &cx).unwrap();
    engine.start("a", Remind::new("tax")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    engine.close().await;
    hands.to_day(1089);
    let engine = Engine::open_with(folder.join("runs.db"), settings.clone(), &cx).unwrap();
    // It is looked at again, and goes on waiting.
    counted(&engine, |counts| counts.waiting == 1).await;
    assert_eq!(Ledger::lines(&folder.join("ledger")), ["a/before"]);
    hands.to_day(1090);
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "made tax asked, made tax");
    // The clock goes back behind the timer; what is over stays over.
    hands.to_day(1);
    engine.close().await;
    let engine = Engine::open_with(folder.join("runs.db"), settings, &cx).unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "made tax asked, made tax");
    assert_eq!(
        Ledger::lines(&folder.join("ledger")),
        ["a/before", "a/after"]
    );
}

workflow! {
    /// Sleeps, and fails until the world is right.
    pub(crate) Late { what: String } -> String {
        sleep "2d";
        step after = crate::asking::Depend { what };
        after
    }
}

#[tokio::test]
async fn a_sleep_that_is_over_is_not_slept_again_by_a_clock_that_went_back() {
    let folder = folder("parking-back");
    let cx = crate::asking::world(&folder);
    let hands = Hands::default();
    let engine =
        Engine::open_with(folder.join("runs.db"), hasty().clock(hands.clone()), &cx).unwrap();
    let run = engine.start("a", Late::new("x")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    hands.to_day(3);
    assert_eq!(run.answer().await.unwrap_err().code(), "depend.not_ready");
    hands.to_day(1);
    crate::asking::ready(&cx);
    engine.retry("a").await.unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "\"x\"");
}

#[tokio::test]
async fn a_deadline_holds_over_restarts_and_while_a_run_is_not_in_memory() {
    let (cx, folder) = cx("parking-deadline");
    let hands = Hands::default();
    let settings = hasty().clock(hands.clone());
    let engine = Engine::open_with(folder.join("runs.db"), settings.clone(), &cx).unwrap();
    engine.start("a", Bounded::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    engine.close().await;
    let engine = Engine::open_with(folder.join("runs.db"), settings, &cx).unwrap();
    let run = engine.run("a").await.unwrap();
    hands.to_day(8);
    let failure = run.answer().await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.code()),
        (Kind::Timeout, "timeout.deadline")
    );
}

workflow! {
    /// Waits for somebody, but not for ever.
    #[workflow(deadline = "7d")]
    pub(crate) Bounded { order: String } -> String {
        wait approval = Approved where subject == order;
        approval.by.clone()
    }
}

#[tokio::test]
async fn what_is_started_beyond_the_limit_waits_for_its_turn() {
    let folder = folder("parking-room");
    let cx = crate::asking::world(&folder);
    let settings = Settings::default()
        .most_live(2)
        .poll(Duration::from_mins(10));
    let engine = Engine::open_with(folder.join("runs.db"), settings, &cx).unwrap();
    let mut runs = Vec::new();
    for n in 0..10 {
        let run = engine
            .start(&format!("run-{n}"), crate::asking::Gated::new("x"))
            .await;
        runs.push(run.unwrap());
    }
    assert_eq!(engine.live(), 2);
    let same = engine
        .start("run-9", crate::asking::Gated::new("x"))
        .await
        .unwrap();
    crate::asking::open(&cx);
    for run in runs.into_iter().chain([same]) {
        assert_eq!(run.answer().await.unwrap(), "through x");
    }
}

workflow! {
    /// Sleeps until it is cancelled.
    ForEver {} -> u32 {
        sleep std::time::Duration::MAX;
        1
    }
}

#[tokio::test]
async fn a_sleep_without_end_is_not_due_at_once() {
    let (cx, folder) = cx("parking-for-ever");
    let path = folder.join("runs.db");
    let engine = Engine::open_with(&path, hasty(), &cx).unwrap();
    let run = engine.start("a", ForEver::new()).await.unwrap();
    counted(&engine, |counts| counts.running == 0).await;
    let file = rusqlite::Connection::open(&path).unwrap();
    let wake: i64 = file
        .query_row("SELECT wake FROM runs", (), |row| row.get(0))
        .unwrap();
    assert_eq!(wake, i64::MAX);
    engine.cancel("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().kind(), Kind::Cancelled);
}
