//! Handlers: what one does, or fails to do, and what others notice of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_bus::{Bus, Delivery, Overflow, Rate, Subscription};
use enact_signal_core::Envelope;

use crate::{envelope, pattern, taken};

fn number(delivery: &Delivery) -> u32 {
    let subject = delivery.subject().and_then(|text| text.parse().ok());
    subject.expect("each has a subject")
}

async fn publish(bus: &Bus, ty: &str, subjects: impl IntoIterator<Item = u32>) {
    for subject in subjects {
        let published = bus.publish(envelope(ty, subject)).await;
        published.expect("there is room");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_panics_or_is_slow_changes_nothing_for_others() {
    let bus = Bus::new();
    let hangs = bus.subscribe(pattern("a")).queue(4, Overflow::DropOldest);
    let hangs = hangs.handle(async |_| std::future::pending::<()>().await);
    let panics = bus
        .subscribe(pattern("a"))
        .handle(async |delivery: Delivery| {
            assert!(number(&delivery).is_multiple_of(2), "an odd number");
        });
    let at_once = bus.subscribe(pattern("a")).handle(|delivery| {
        assert!(number(&delivery) != 3, "a three");
        std::future::ready(())
    });
    let slow = bus.subscribe(pattern("a")).handle(async |_| {
        tokio::time::sleep(Duration::from_mins(1)).await;
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let well = bus.subscribe(pattern("a")).handle(move |delivery| {
        sees.lock().expect("nobody panics").push(number(&delivery));
        std::future::ready(())
    });
    let mut stream = bus.subscribe(pattern("a")).open();
    publish(&bus, "a", 0..20).await;
    assert_eq!(well.finish().await.handled, 20);
    assert!(
        seen.lock()
            .expect("nobody panics")
            .iter()
            .copied()
            .eq(0..20)
    );
    assert!(taken(&mut stream).into_iter().eq(0..20));
    let panics = panics.finish().await;
    assert_eq!((panics.handled, panics.panicked), (10, 10));
    let at_once = at_once.finish().await;
    assert_eq!((at_once.handled, at_once.panicked), (19, 1));
    let before = tokio::time::Instant::now();
    assert_eq!(slow.finish().await.handled, 20);
    assert!(before.elapsed() >= Duration::from_mins(19));
    let figures = hangs.figures();
    assert_eq!((figures.taken, figures.handled, figures.lost), (1, 0, 16));
    assert_eq!(hangs.waiting(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_that_takes_too_long_is_dropped_and_counted() {
    let bus = Bus::new();
    let odd_hang = bus.subscribe(pattern("a")).timeout(Duration::from_secs(5));
    let odd_hang = odd_hang.handle(async |delivery: Delivery| {
        if number(&delivery) % 2 == 1 {
            std::future::pending::<()>().await;
        }
        if number(&delivery) == 2 {
            return Err("a two");
        }
        Ok(())
    });
    publish(&bus, "a", 0..4).await;
    let figures = odd_hang.finish().await;
    assert_eq!(
        (figures.handled, figures.timed_out, figures.failed),
        (1, 2, 1)
    );
    assert_eq!(figures.taken, 4);
}

#[tokio::test(start_paused = true)]
async fn a_predicate_that_panics_keeps_nobody_else_from_the_signal() {
    let bus = Bus::new();
    let odd = |envelope: &Envelope| envelope.subject() != Some("2");
    let fearful = |envelope: &Envelope| -> bool {
        assert!(envelope.subject() != Some("1"), "a one");
        true
    };
    let mut picky = bus.subscribe(pattern("a")).when(odd).when(fearful).open();
    let mut other = bus.subscribe(pattern("a")).open();
    publish(&bus, "a", 0..4).await;
    assert_eq!(taken(&mut picky), [0, 3]);
    assert_eq!(taken(&mut other), [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_ends_with_what_holds_it_and_a_detached_one_with_the_bus() {
    let bus = Bus::new();
    let count = Arc::new(AtomicU32::new(0));
    let counts = || {
        let count = Arc::clone(&count);
        move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            std::future::ready(())
        }
    };
    drop(bus.subscribe(pattern("a")).handle(counts()));
    publish(&bus, "a", 0..3).await;
    tokio::task::yield_now().await;
    assert_eq!(count.load(Ordering::Relaxed), 0);
    bus.subscribe(pattern("a")).handle(counts()).detach();
    publish(&bus, "a", 0..3).await;
    bus.close();
    while count.load(Ordering::Relaxed) < 3 {
        tokio::task::yield_now().await;
    }
    drop(bus);
    tokio::task::yield_now().await;
    assert_eq!(Arc::strong_count(&count), 1, "the test alone has it");
}

#[tokio::test(start_paused = true)]
async fn lanes_keep_the_order_of_a_key_and_run_beside_one_another() {
    let bus = Bus::new();
    let seen: Arc<Mutex<HashMap<String, Vec<u64>>>> = Arc::default();
    let sees = Arc::clone(&seen);
    let lanes = bus
        .subscribe(pattern("a"))
        .lanes(4)
        .handle(move |delivery: Delivery| {
            let seen = Arc::clone(&sees);
            async move {
                // A time of its own for each, so that lanes overtake one another.
                tokio::time::sleep(Duration::from_millis(delivery.sequence() * 37 % 11)).await;
                let key = delivery.subject().unwrap_or_default().to_owned();
                let mut seen = seen.lock().expect("nobody panics");
                seen.entry(key).or_default().push(delivery.sequence());
            }
        });
    publish(&bus, "a", (0..400).map(|number| number % 16)).await;
    assert_eq!(lanes.finish().await.handled, 400);
    let seen = seen.lock().expect("nobody panics");
    assert_eq!(seen.len(), 16);
    for (key, sequences) in &*seen {
        assert!(
            sequences.len() == 25 && sequences.is_sorted(),
            "{key}: {sequences:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_hangs_holds_up_its_own_lane_alone() {
    let bus = Bus::new();
    let lanes = bus.subscribe(pattern("a")).lanes(16);
    let lanes = lanes.handle(async |delivery: Delivery| {
        if number(&delivery) == 0 {
            std::future::pending::<()>().await;
        }
    });
    publish(&bus, "a", 0..640).await;
    // The clock goes on once nobody has anything to do.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (handled, waiting) = (lanes.figures().handled, lanes.waiting() as u64);
    assert_eq!(handled + waiting + 1, 640);
    assert!(handled > waiting, "{handled} were handled, {waiting} wait");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_panics_is_told_of_and_loses_nothing() {
    let bus = Bus::new();
    let fearful = |envelope: &Envelope| {
        assert!(envelope.subject() != Some("1"), "a one");
        0_u8
    };
    let mut lanes = bus.subscribe(pattern("a")).lanes(3).by(fearful).open();
    publish(&bus, "a", 0..3).await;
    assert!(taken(&mut lanes[0]).contains(&1));
    let rest: usize = lanes.iter().map(Subscription::waiting).sum();
    let got = usize::try_from(lanes[0].figures().taken).unwrap();
    assert_eq!(got + rest, 3);
}

#[tokio::test(start_paused = true)]
async fn one_that_was_dropped_is_gone_at_once() {
    let bus = Bus::new();
    let handling = bus.subscribe(pattern("a")).queue(1, Overflow::Refuse);
    let handling = handling.handle(async |_| std::future::pending::<()>().await);
    for subject in 0..2 {
        publish(&bus, "a", [subject]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!((handling.figures().taken, handling.waiting()), (1, 1));
    drop(handling);
    publish(&bus, "a", [3]).await;
    assert!(format!("{bus:?}").contains("subscriptions: 0"), "{bus:?}");
}

/// What panics when it is dropped, while it is live.
struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0 || std::thread::panicking(), "a bomb");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_when_it_is_dropped_has_panicked_and_goes_on() {
    let bus = Bus::new();
    let handling = bus.subscribe(pattern("a")).timeout(Duration::from_secs(5));
    let handling = handling.handle(async |delivery: Delivery| {
        let mut bomb = Bomb(true);
        if number(&delivery) > 0 {
            std::future::pending::<()>().await;
        }
        bomb.0 = false;
    });
    publish(&bus, "a", [1, 0, 2, 0]).await;
    let figures = handling.finish().await;
    assert_eq!((figures.panicked, figures.handled), (2, 2));
    assert_eq!(figures.timed_out, 0);
}

/// A runtime without time.
fn timeless() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("it needs nothing")
}

#[test]
fn a_timeout_without_time_is_a_panic_of_the_handler() {
    timeless().block_on(async {
        let bus = Bus::new();
        let handling = bus.subscribe(pattern("a")).timeout(Duration::from_secs(5));
        let handling = handling.handle(async |_| ());
        publish(&bus, "a", [1, 2]).await;
        let figures = handling.finish().await;
        assert_eq!((figures.taken, figures.panicked), (2, 2));
    });
}

#[test]
fn a_subscription_whose_lane_panics_is_gone_and_says_so() {
    timeless().block_on(async {
        let bus = Bus::new();
        let rate = Rate::new(1, Duration::from_secs(5)).waits();
        let handling = bus.subscribe(pattern("a")).rate(rate).lanes(1);
        let handling = handling.handle(async |_| ());
        publish(&bus, "a", [1, 2]).await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(format!("{bus:?}").contains("subscriptions: 0"), "{bus:?}");
        let figures = handling.figures();
        assert_eq!((figures.handled, figures.panicked, figures.lost), (1, 1, 1));
    });
}

#[tokio::test(start_paused = true)]
async fn what_comes_for_a_lane_that_nobody_has_is_lost_and_counted() {
    let bus = Bus::new();
    let mut lanes = bus.subscribe(pattern("a")).lanes(2).open();
    publish(&bus, "a", 0..20).await;
    drop(lanes.pop());
    publish(&bus, "a", 0..20).await;
    let (lost, waiting) = (lanes[0].figures().lost, lanes[0].waiting() as u64);
    assert_eq!(lost + waiting, 40);
    assert!(lost > 0 && lost.is_multiple_of(2), "{lost} were lost");
}
