//! Runs that start by themselves: once for each time, whatever happens in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Clock, Engine, Kind as Why, Settings, Summary};
use enact::workflow::journal::{Body, Entry, Memory, Store};
use enact::workflow::schedule::{At, CatchUp, Schedule};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// Midnight in UTC, 20 November 2026.
const MIDNIGHT: u64 = 20_777 * 24 * HOUR;

/// A clock whose hands the test moves.
#[derive(Debug, Clone)]
struct Hands(Arc<AtomicU64>);

impl Clock for Hands {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Hands {
    /// To so many minutes after midnight.
    fn to(&self, minutes: u64) {
        self.0.store(MIDNIGHT + minutes * MINUTE, Ordering::Relaxed);
    }
}

/// Says something.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Say {
    /// What.
    what: String,
}

impl Run for Say {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(self.what.clone())
    }
}

workflow! {
    /// Says when it was told to start.
    Tick { at: String } -> String {
        step said = Say { what: at };
        said
    }
}

workflow! {
    /// Says it in another way.
    Tock { at: String } -> String {
        step said = Say { what: at };
        said
    }
}

/// A journal in memory and a clock at midnight, with which engines are opened one after another.
struct World {
    store: Memory,
    hands: Hands,
}

impl World {
    fn new() -> Self {
        let hands = Hands(Arc::default());
        hands.to(0);
        let store = Memory::default();
        Self { store, hands }
    }

    /// An engine, as after a crash of the one before.
    fn open(&self) -> Engine {
        self.open_with(Settings::default())
    }

    fn open_with(&self, settings: Settings) -> Engine {
        let settings = settings.clock(self.hands.clone());
        Engine::with(Box::new(self.store.reopened()), settings, &Context::new()).unwrap()
    }
}

fn hourly(catch_up: CatchUp) -> Schedule {
    let hourly = Schedule::every(Duration::from_hours(1)).unwrap();
    hourly.catch_up(catch_up)
}

fn tick(at: &At) -> Tick {
    Tick::new(at.to_string())
}

/// Gives the engine a schedule of every hour.
async fn give(engine: &Engine, catch_up: CatchUp) {
    let hourly = hourly(catch_up);
    engine.schedule("tick", hourly, tick).await.unwrap();
}

/// The hours of the day whose runs there are.
async fn hours(engine: &Engine) -> Vec<String> {
    let runs = engine.list(100).await.unwrap();
    let mut hours: Vec<_> = runs
        .iter()
        .map(|run| {
            run.id
                .replace("tick/2026-11-20T", "")
                .replace(":00:00Z", "")
        })
        .collect();
    hours.sort();
    hours
}

/// Waits until the schedule says that this hour came last.
async fn started(engine: &Engine, hour: u64) {
    while last(engine).await != Some(MIDNIGHT + hour * HOUR) {
        look().await;
    }
}

async fn last(engine: &Engine) -> Option<u64> {
    let schedules = engine.schedules().await;
    schedules[0].last.as_ref().map(At::millis)
}

/// Lets the clock be looked at. Time is paused, so this waits for nobody.
async fn look() {
    tokio::time::sleep(Duration::from_secs(11)).await;
}

#[tokio::test(start_paused = true)]
async fn an_occurrence_starts_one_run_that_has_its_time_as_its_name() {
    let world = World::new();
    let engine = world.open();
    let mornings = Schedule::cron("0 8 * * *", "Europe/Berlin").unwrap();
    let make = |at: &At| Tick::new(at.local());
    engine.schedule("tick", mornings, make).await.unwrap();
    look().await;
    assert_eq!(hours(&engine).await, [""; 0]);
    let told = &engine.schedules().await[0];
    assert_eq!(
        (&*told.name, &*told.schedule),
        ("tick", "0 8 * * * in Europe/Berlin")
    );
    let next = told.next.as_ref().map(At::to_string);
    assert_eq!(next.as_deref(), Some("2026-11-20T07:00:00Z"));
    world.hands.to(7 * 60);
    started(&engine, 7).await;
    let run = engine.run("tick/2026-11-20T07:00:00Z").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "2026-11-20T08:00:00+01:00");
    look().await;
    assert_eq!(hours(&engine).await, ["07"]);
}

/// What runs there are after a pause from 1:30 to 5:30.
async fn after_a_pause(catch_up: CatchUp) -> Vec<String> {
    let world = World::new();
    let engine = world.open();
    give(&engine, catch_up).await;
    world.hands.to(60);
    started(&engine, 1).await;
    engine.close().await;
    world.hands.to(5 * 60 + 30);
    let engine = world.open();
    give(&engine, catch_up).await;
    look().await;
    world.hands.to(6 * 60);
    started(&engine, 6).await;
    hours(&engine).await
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_over_a_restart_is_caught_up_with_as_told() {
    assert_eq!(after_a_pause(CatchUp::Skip).await, ["01", "06"]);
    assert_eq!(after_a_pause(CatchUp::Last).await, ["01", "05", "06"]);
    let most_two = CatchUp::All { most: 2 };
    assert_eq!(after_a_pause(most_two).await, ["01", "04", "05", "06"]);
    let most_nine = CatchUp::All { most: 9 };
    assert_eq!(
        after_a_pause(most_nine).await,
        ["01", "02", "03", "04", "05", "06"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_start_and_the_note_starts_nothing_twice() {
    let world = World::new();
    let engine = world.open();
    give(&engine, CatchUp::Last).await;
    let note = world
        .store
        .reader()
        .unwrap()
        .note("schedule/tick")
        .unwrap()
        .unwrap();
    world.hands.to(60);
    started(&engine, 1).await;
    let begun = engine.list(1).await.unwrap()[0].started;
    engine.close().await;
    // As it was before.
    let mut reader = world.store.reader().unwrap();
    let name = "schedule/tick".to_owned();
    assert!(reader.leave(&Entry::Note { name, body: note }).unwrap());
    world.hands.to(90);
    let engine = world.open();
    give(&engine, CatchUp::Last).await;
    started(&engine, 1).await;
    let runs = engine.list(100).await.unwrap();
    assert_eq!((runs.len(), runs[0].started), (1, begun));
}

#[tokio::test(start_paused = true)]
async fn what_another_process_has_started_and_deleted_since_is_not_started_again() {
    let world = World::new();
    let engine = world.open();
    let every = CatchUp::All { most: 9 };
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    // Another has started up to 3, and its runs are gone.
    let mut reader = world.store.reader().unwrap();
    let body = reader.note("schedule/tick").unwrap().unwrap();
    let Body::Text(text) = body else {
        panic!("it is small")
    };
    let until = format!("\"until\":{}", MIDNIGHT + 3 * HOUR);
    let body = Body::Text(text.replacen(&format!("\"until\":{MIDNIGHT}"), &until, 1));
    let name = "schedule/tick".to_owned();
    assert!(reader.leave(&Entry::Note { name, body }).unwrap());
    world.hands.to(4 * 60);
    started(&engine, 4).await;
    assert_eq!(hours(&engine).await, ["04"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_retention_has_deleted_is_not_started_again() {
    let world = World::new();
    let settings = Settings::default().keep(Duration::from_mins(1));
    let every = CatchUp::All { most: 9 };
    let engine = world.open_with(settings.clone());
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    world.hands.to(60);
    started(&engine, 1).await;
    let run = engine.run("tick/2026-11-20T01:00:00Z").await.unwrap();
    run.answer().await.unwrap();
    world.hands.to(65);
    while !hours(&engine).await.is_empty() {
        look().await;
    }
    engine.close().await;
    let engine = world.open_with(settings);
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    world.hands.to(120);
    started(&engine, 2).await;
    assert_eq!(hours(&engine).await, ["02"]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_goes_back_and_forth_doubles_and_loses_nothing() {
    let world = World::new();
    let engine = world.open();
    give(&engine, CatchUp::Last).await;
    for hour in [1, 2, 3] {
        world.hands.to(hour * 60);
        started(&engine, hour).await;
    }
    let begun = |runs: Vec<Summary>| -> Vec<_> {
        runs.into_iter().map(|run| (run.id, run.started)).collect()
    };
    let before = begun(engine.list(100).await.unwrap());
    world.hands.to(30);
    look().await;
    for minutes in [60, 120, 180] {
        world.hands.to(minutes);
        look().await;
    }
    assert_eq!(begun(engine.list(100).await.unwrap()), before);
    // Far ahead, where the last is started, and back again, where the others come in their time.
    world.hands.to(9 * 60 + 30);
    started(&engine, 9).await;
    world.hands.to(3 * 60 + 30);
    look().await;
    for hour in [4, 5, 6, 7, 8] {
        world.hands.to(hour * 60);
        started(&engine, hour).await;
    }
    world.hands.to(9 * 60);
    look().await;
    world.hands.to(10 * 60);
    started(&engine, 10).await;
    let all = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"];
    assert_eq!(hours(&engine).await, all);
}

#[tokio::test(start_paused = true)]
async fn other_times_begin_anew() {
    let world = World::new();
    let engine = world.open();
    let every = CatchUp::All { most: 9 };
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    engine.close().await;
    world.hands.to(5 * 60 + 30);
    let engine = world.open();
    let third = Schedule::every(Duration::from_hours(3)).unwrap();
    engine
        .schedule("tick", third.catch_up(every), tick)
        .await
        .unwrap();
    world.hands.to(6 * 60);
    started(&engine, 6).await;
    assert_eq!(hours(&engine).await, ["06"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_unscheduled_ends_and_begins_anew_when_it_is_given_again() {
    let world = World::new();
    let engine = world.open();
    let every = CatchUp::All { most: 9 };
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    let taken = engine
        .schedule("tick", hourly(every), tick)
        .await
        .unwrap_err();
    assert_eq!(taken.kind(), Why::Taken);
    world.hands.to(60);
    started(&engine, 1).await;
    engine.unschedule("tick").await.unwrap();
    assert!(engine.schedules().await.is_empty());
    assert_eq!(
        engine.unschedule("tick").await.unwrap_err().kind(),
        Why::NotThere
    );
    world.hands.to(3 * 60 + 30);
    look().await;
    engine.schedule("tick", hourly(every), tick).await.unwrap();
    world.hands.to(4 * 60);
    started(&engine, 4).await;
    assert_eq!(hours(&engine).await, ["01", "04"]);
}

#[tokio::test(start_paused = true)]
async fn an_occurrence_that_can_not_be_started_is_passed_over() {
    let world = World::new();
    let engine = world.open();
    let first = Tock::new("by hand");
    let id = "tick/2026-11-20T01:00:00Z";
    engine.start(id, first).await.unwrap();
    let make = |at: &At| {
        assert_ne!(at.millis(), MIDNIGHT + 2 * HOUR, "as a program may fail");
        tick(at)
    };
    let hourly = hourly(CatchUp::Last);
    engine.schedule("tick", hourly, make).await.unwrap();
    for hour in [1, 2, 3] {
        world.hands.to(hour * 60);
        started(&engine, hour).await;
    }
    let runs = engine.list(100).await.unwrap();
    let workflows: Vec<_> = runs.iter().map(|run| &*run.workflow).collect();
    assert_eq!(workflows, ["tick", "tock"]);
    assert_eq!(hours(&engine).await, ["01", "03"]);
}

#[tokio::test(start_paused = true)]
async fn a_schedule_ends_with_its_engine() {
    let world = World::new();
    let engine = world.open();
    let its_own = Arc::new(());
    let weak = Arc::downgrade(&its_own);
    let make = move |at: &At| {
        assert!(Arc::strong_count(&its_own) > 0);
        tick(at)
    };
    engine
        .schedule("tick", hourly(CatchUp::Last), make)
        .await
        .unwrap();
    look().await;
    drop(engine);
    while weak.strong_count() > 0 {
        look().await;
    }
    let engine = world.open();
    give(&engine, CatchUp::Last).await;
    engine.close().await;
    while !engine.schedules().await.is_empty() {
        look().await;
    }
}
