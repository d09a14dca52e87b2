//! What happens at the same time as something else, and what somebody has given up waiting for.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Kind as Why, Settings};
use enact::workflow::event::What;
use enact::workflow::journal::{Body, Counts, Entry, Memory, Store as _};
use enact::workflow::{listen, transact};

use crate::ledger::{Ledger, Look};
use crate::parking::{counted, hasty};
use crate::resuming::{Gate, Pass, gated};
use crate::runs::{Approved, Wait, cx};

fn approved(by: &str) -> Approved {
    Approved { by: by.to_owned() }
}

#[tokio::test]
async fn a_signal_whose_sender_went_away_is_had_in_the_journals_order() {
    let (cx, folder) = cx("racing-signal");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    while Ledger::lines(&folder.join("ledger")).is_empty() {
        tokio::task::yield_now().await;
    }
    let subject = || Some("1042".to_owned());
    let first = approved("eve");
    // It is handed to the journal when it is polled first, and its sender does not wait for the disk.
    tokio::select! {
        biased;
        sent = engine.signal("a", &first, subject()) => sent.unwrap(),
        () = std::future::ready(()) => {}
    }
    let second = engine.signal("a", &approved("ada"), subject()).await;
    assert!(second.is_ok() || second.unwrap_err().kind() == Why::NotThere);
    assert_eq!(run.answer().await.unwrap(), "made early for eve");
}

workflow! {
    /// Waits for somebody, and then at the gate.
    Through { order: String } -> String {
        wait approval = Approved where subject == order;
        step passed = Pass { so_far: approval.by };
        passed
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_run_that_comes_back_while_it_is_leaving_stays_in_reach() {
    let (_, folder) = cx("racing-parking");
    let (at_gate, is_at_gate) = mpsc::channel();
    let (left, first) = (Arc::new(AtomicBool::new(false)), AtomicBool::new(true));
    let (has_left, is_at_gate) = (Arc::clone(&left), Mutex::new(is_at_gate));
    let cx = listen(&gated(&folder, &Gate::default()), move |event| {
        // Its first stay takes so long to leave that its second is at the gate by then.
        if matches!(event.what, What::RunParked { .. }) && first.swap(false, Ordering::Relaxed) {
            is_at_gate.lock().unwrap().recv().unwrap();
            left.store(true, Ordering::Release);
        }
    });
    let engine = Engine::with(Box::new(Memory::default()), hasty(), &cx).unwrap();
    let run = engine.start("a", Through::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    let subject = Some("1042".to_owned());
    engine.signal("a", &approved("ada"), subject).await.unwrap();
    while Ledger::lines(&folder.join("ledger")).is_empty() {
        tokio::task::yield_now().await;
    }
    at_gate.send(()).unwrap();
    while !has_left.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        counted(&engine, |counts| counts.running == 1).await;
        assert_eq!(engine.live(), 1);
    }
    engine.cancel("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap_err().kind(), Kind::Cancelled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_run_opened_again_while_it_is_ending_has_its_own_answer() {
    let (_, folder) = cx("racing-retry");
    let (done, is_done) = mpsc::channel();
    let (failed, first) = (Arc::new(AtomicBool::new(false)), AtomicBool::new(true));
    let (has_failed, is_done) = (Arc::clone(&failed), Mutex::new(is_done));
    let gate = Gate::default();
    let cx = listen(&gated(&folder, &gate), move |event| {
        let ended = matches!(event.what, What::RunFailed { .. }) && event.path.is_empty();
        if ended && first.swap(false, Ordering::Relaxed) {
            failed.store(true, Ordering::Release);
            is_done.lock().unwrap().recv().unwrap();
        }
    });
    let engine = Engine::with(Box::new(Memory::default()), hasty(), &cx).unwrap();
    let run = engine.start("a", Through::new("1042")).await.unwrap();
    engine.cancel("a").await.unwrap();
    while !has_failed.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    // Its end is on disk, and those who wait for it have not been told yet.
    engine.retry("a").await.unwrap();
    let again = engine.run("a").await.unwrap();
    gate.0.store(true, Ordering::Release);
    let subject = Some("1042".to_owned());
    engine.signal("a", &approved("ada"), subject).await.unwrap();
    assert_eq!(again.answer().await.unwrap(), "ada");
    done.send(()).unwrap();
    assert_eq!(run.answer().await.unwrap_err().kind(), Kind::Cancelled);
    assert_eq!(again.answer().await.unwrap(), "ada");
}

/// What an expression depends on and should not: the runs for which it is another day.
static TOMORROW: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn is_tomorrow(name: &String) -> bool {
    TOMORROW.lock().unwrap().contains(name)
}

workflow! {
    /// Goes another way on another day.
    Fickle { name: String } -> String {
        branch arm = if is_tomorrow(&name) { step one = Look { at: 1 }; one } else { step two = Look { at: 2 }; two };
        wait approval = Approved;
        format!("{arm} {}", approval.by)
    }
}

/// An engine with a run of that id that its journal has stopped.
async fn with_held(name: &str, settings: Settings) -> Engine {
    let (cx, _) = cx(&format!("racing-{name}"));
    let memory = Memory::default();
    let engine = Engine::with(Box::new(memory.reopened()), hasty(), &cx).unwrap();
    engine.start(name, Fickle::new(name)).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    engine.close().await;
    TOMORROW.lock().unwrap().push(name.to_owned());
    let engine = Engine::with(Box::new(memory.reopened()), settings, &cx).unwrap();
    let run = engine.run(name).await.unwrap();
    engine.signal(name, &approved("ada"), None).await.unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.code(), "journal.diverged");
    engine
}

#[tokio::test]
async fn a_run_that_goes_another_way_is_held_and_can_be_ended() {
    let engine = with_held("other-way", hasty()).await;
    let held = engine.held().await.unwrap();
    assert_eq!((held.len(), &*held[0].id), (1, "other-way"));
    assert!(held[0].why.contains("another way"), "{held:?}");
    let again = engine.start("other-way", Fickle::new("other-way")).await;
    assert_eq!(again.unwrap_err().kind(), Why::Held);
    engine.terminate("other-way").await.unwrap();
    while !engine.held().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    counted(&engine, |counts| counts == Counts::default()).await;
}

#[tokio::test]
async fn the_mail_of_a_held_run_does_not_keep_others_from_theirs() {
    let hour = Duration::from_hours(1);
    let settings = Settings::default().poll(Duration::from_millis(1));
    let engine = with_held("much-mail", settings.linger(hour)).await;
    let client = engine.client();
    for n in 0..600 {
        let data = serde_json::json!({ "by": n.to_string() });
        let sent = client.signal("much-mail", Approved::TYPE, None, data).await;
        sent.unwrap();
    }
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    let (subject, data) = (Some("1042".to_owned()), serde_json::json!({ "by": "ada" }));
    let sent = client.signal("a", Approved::TYPE, subject, data).await;
    sent.unwrap();
    assert_eq!(run.answer().await.unwrap(), "made early for ada");
}

workflow! {
    /// Sleeps for a moment.
    Nap {} -> u32 {
        sleep "300ms";
        1
    }
}

#[tokio::test]
async fn a_timer_is_on_time_however_seldom_the_journal_is_looked_at() {
    let settings = Settings::default().linger(Duration::ZERO).most_live(8);
    let settings = settings.poll(Duration::from_hours(1));
    let engine = Engine::with(Box::new(Memory::default()), settings, &Context::new()).unwrap();
    let run = engine.start("a", Nap::new()).await.unwrap();
    assert_eq!(run.answer().await.unwrap(), 1);
}

/// Books something, and the first attempt is given up while the journal is at it.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
struct Book {
    /// How much.
    cents: u32,
}

/// How many attempts were made.
#[derive(Debug, Clone, Default)]
struct Attempts(Arc<AtomicU32>);

impl Run for Book {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        let (cents, attempts) = (self.cents, Arc::clone(&cx.resource::<Attempts>()?.0));
        attempts.fetch_add(1, Ordering::AcqRel);
        transact::sqlite(cx, "book", move |db| {
            while attempts.load(Ordering::Acquire) < 2 {
                std::thread::yield_now();
            }
            db.execute("INSERT INTO booked (cents) VALUES (?1)", [cents])?;
            Ok(db.query_row("SELECT count(*) FROM booked", (), |row| row.get(0))?)
        })
        .await
    }
}

workflow! {
    /// Books something, in the second attempt.
    Booking { cents: u32 } -> u32 {
        step booked = Book { cents } with timeout("50ms"), retry(times = 2, backoff = "1ms");
        booked
    }
}

#[tokio::test]
async fn what_an_attempt_that_was_given_up_does_in_the_database_is_done_once() {
    let (_, folder) = cx("racing-transact");
    let cx = Context::builder().resource(Attempts::default()).build();
    let settings = Settings::default().tables("CREATE TABLE IF NOT EXISTS booked (cents INTEGER)");
    let engine = Engine::open_with(folder.join("runs.db"), settings, &cx).unwrap();
    let run = engine.start("a", Booking::new(5_u32)).await.unwrap();
    assert_eq!(run.answer().await.unwrap(), 1);
}

#[tokio::test]
async fn mail_that_can_not_be_read_does_not_keep_others_from_theirs() {
    let (cx, _) = cx("racing-unreadable");
    let memory = Memory::default();
    let mut beside = memory.reader().unwrap();
    let settings = Settings::default().poll(Duration::from_millis(1));
    let settings = settings.linger(Duration::from_hours(1));
    let engine = Engine::with(Box::new(memory), settings, &cx).unwrap();
    for id in ["a", "b"] {
        engine.start(id, Wait::new("1042")).await.unwrap();
    }
    let run = beside.find("a").unwrap().unwrap().new.run;
    for _ in 0..600 {
        let body = Body::Text("{}".to_owned());
        assert!(beside.leave(&Entry::Post { run, body }).unwrap());
    }
    let run = engine.run("b").await.unwrap();
    let (subject, data) = (Some("1042".to_owned()), serde_json::json!({ "by": "ada" }));
    let sent = engine.client().signal("b", Approved::TYPE, subject, data);
    sent.await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(20), run.answer()).await;
    assert_eq!(answer.unwrap().unwrap(), "made early for ada");
}
