//! What a run was caused by, and is the cause of.

use enact::prelude::*;
use enact::signal::{Envelope, Sink as _, sink};
use enact::testing::Windows;
use enact::workflow::engine::{Engine, Settings, run_id};
use enact::workflow::journal::Memory;

use super::carried::{Packed, Paid, Seen, Shipped, Shipping, paid};

/// One life of a run that `paid("p-1")` starts: until a window is struck, or until it is queued or has
/// answered.
fn live(memory: &Memory, seen: &Seen, windows: &Windows, queues: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let cx = Context::builder().resource(sink(seen.clone())).build();
        let room = if queues { 0 } else { 10 };
        let settings = Settings::default().windows(windows).most_live(room);
        let ends = async {
            let store = Box::new(memory.reopened());
            let engine = Engine::with(store, settings, &cx).unwrap();
            if queues || engine.run("sale").await.is_err() {
                let (cause, shipping) = (paid("p-1"), Shipping::new("1042"));
                let started = engine.start_because(&cause, "sale", shipping);
                started.await.unwrap();
            }
            if !queues {
                engine.run("sale").await.unwrap().answer().await.unwrap();
            }
        };
        tokio::select! {
            biased;
            () = windows.struck() => (),
            () = ends => (),
        }
    });
}

#[test]
fn wherever_a_crash_falls_a_run_that_is_there_knows_its_cause() {
    for queues in [false, true] {
        for strike in 0.. {
            let (memory, seen) = (Memory::default(), Seen::default());
            let windows = Windows::striking(strike).holding_back();
            live(&memory, &seen, &windows, queues);
            live(&memory, &seen, &Windows::new(), false);
            let seen = seen.0.lock().unwrap();
            assert!(seen.len() >= 2, "{strike}");
            for one in &*seen {
                assert_eq!(one.causes(), ["p-1"], "{strike}, queued: {queues}");
                assert_eq!(one.correlation(), Some("c-7"), "{strike}");
            }
            if !windows.is_struck() {
                assert!(strike >= 2, "a start has windows around it");
                break;
            }
        }
    }
}

workflow! {
    /// Tells that it has begun, waits for two signals, and tells of that after each.
    pub(crate) Tracking { order: String } -> String {
        emit Packed { order };
        wait paid = Paid where order == order, timeout "1h";
        emit Packed { order: paid.order };
        wait shipped = Shipped where order == order, timeout "1h";
        emit Shipped { order, by: shipped.by };
        shipped.by
    }
}

fn arrives(id: &str) -> Envelope {
    let (order, by) = ("1042".to_owned(), "boat".to_owned());
    Shipped { order, by }.draft().id(id).seal().unwrap()
}

/// An engine over a journal, whose runs emit to `seen`.
fn engine(memory: &Memory, seen: &Seen) -> Engine {
    let cx = Context::builder().resource(sink(seen.clone())).build();
    let store = Box::new(memory.reopened());
    Engine::with(store, Settings::default(), &cx).unwrap()
}

async fn is_sent(seen: &Seen, many: usize) {
    while seen.0.lock().unwrap().len() < many {
        tokio::task::yield_now().await;
    }
}

/// What each signal was caused by, by which a run of `Tracking` has emitted.
fn told(seen: &Seen) -> Vec<Vec<String>> {
    let seen = seen.0.lock().unwrap();
    seen.iter().map(Envelope::causes).collect()
}

#[tokio::test]
async fn what_a_run_waited_for_is_a_cause_of_what_it_emits_after() {
    let (memory, seen) = (Memory::default(), Seen::default());
    let engine = engine(&memory, &seen);
    let cause = paid("p-1");
    let run = engine.start_because(&cause, "sale", Tracking::new("1042"));
    let run = run.await.unwrap();
    // It has that one before the other, and takes it later.
    engine.deliver("sale", &arrives("s-1")).await.unwrap();
    is_sent(&seen, 1).await;
    engine.deliver("sale", &paid("p-2")).await.unwrap();
    run.answer().await.unwrap();
    let wanted = [vec!["p-1"], vec!["p-1", "p-2"], vec!["p-1", "p-2", "s-1"]];
    assert_eq!(told(&seen), wanted);
    let sent = seen.0.lock().unwrap();
    assert!(sent.iter().all(|one| one.correlation() == Some("c-7")));
}

#[tokio::test]
async fn causes_are_known_after_a_restart() {
    let (memory, seen) = (Memory::default(), Seen::default());
    let first = engine(&memory, &seen);
    let cause = paid("p-1");
    let run = first.start_because(&cause, "sale", Tracking::new("1042"));
    drop(run.await.unwrap());
    first.deliver("sale", &paid("p-2")).await.unwrap();
    is_sent(&seen, 2).await;
    first.close().await;

    let second = engine(&memory, &seen);
    second.deliver("sale", &arrives("s-1")).await.unwrap();
    second.run("sale").await.unwrap().answer().await.unwrap();
    let wanted = [vec!["p-1"], vec!["p-1", "p-2"], vec!["p-1", "p-2", "s-1"]];
    assert_eq!(told(&seen), wanted);
}

workflow! {
    /// Waits many times and then tells of it.
    pub(crate) Counting { order: String } -> String {
        repeat max 20 {
            wait shipped = Shipped where order == order, timeout "1h";
        } until shipped.by == "the last";
        emit Packed { order };
        order
    }
}

#[tokio::test]
async fn of_many_causes_the_first_and_the_latest_are_named() {
    let (memory, seen) = (Memory::default(), Seen::default());
    let engine = engine(&memory, &seen);
    let cause = paid("p-0");
    let run = engine.start_because(&cause, "sale", Counting::new("1042"));
    let run = run.await.unwrap();
    for n in 1..=20 {
        let by = if n == 20 { "the last" } else { "boat" };
        let (order, by) = ("1042".to_owned(), by.to_owned());
        let shipped = Shipped { order, by }.draft().id(format!("s-{n}"));
        let shipped = shipped.seal().unwrap();
        engine.deliver("sale", &shipped).await.unwrap();
    }
    run.answer().await.unwrap();
    let mut wanted = vec!["p-0".to_owned()];
    wanted.extend((6..=20).map(|n| format!("s-{n}")));
    assert_eq!(told(&seen), [wanted]);
}

#[tokio::test]
async fn one_id_of_two_sources_starts_two_runs_and_one_event_one() {
    let engine =
        Engine::memory(&Context::builder().resource(sink(Seen::default())).build()).unwrap();
    let starts = engine.starts(|paid: Paid| Shipping::new(paid.order));
    let from = |source: &str| {
        let order = "1042".to_owned();
        Paid { order }
            .draft()
            .id("p-1")
            .source(source)
            .seal()
            .unwrap()
    };
    for source in ["/shop", "/bank", "/shop"] {
        starts.accept(from(source)).await.unwrap();
    }
    let mut runs: Vec<_> = engine
        .list(9)
        .await
        .unwrap()
        .into_iter()
        .map(|run| run.id)
        .collect();
    runs.sort();
    assert_eq!(runs, ["/bank#p-1", "/shop#p-1"]);
}

#[test]
fn no_two_events_share_a_run() {
    let id = |source: &str, id: &str| {
        let event = Envelope::builder("order.paid", source).id(id).build();
        run_id(&event.unwrap())
    };
    let ids = [
        id("/shop", "a#b"),
        id("/shop#a", "b"),
        id("/shop", "a%23b"),
        id("/shop", "a%2523b"),
    ];
    assert_eq!(
        ids,
        [
            "/shop#a%23b",
            "/shop#a#b",
            "/shop#a%2523b",
            "/shop#a%252523b"
        ]
    );
}
