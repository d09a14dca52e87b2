//! Middlewares of a log: the same ones as those of a bus, around what is recorded and what is given out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_bus::log::{
    Clock, Log, LogErrorKind, Memory, Recorded, Select, Settings, StartFrom,
};
use enact_signal_bus::persistent::PersistentSubscription;
use enact_signal_bus::{Delivery, Fate, Middleware, Next, Outcome, Subscriber};
use enact_signal_core::Envelope;
use tokio::time::timeout;

use crate::place::{log_with, order, orders};

const SECOND: Duration = Duration::from_secs(1);

type Told = Arc<Mutex<Vec<String>>>;
type Answer = fn(&'static str, &Envelope) -> Next;

/// Writes down what it is asked, and answers by what the signal is about.
struct Asked(&'static str, Told, Answer);

impl Asked {
    fn at(&self, place: &'static str, envelope: &Envelope, more: &str) -> Next {
        let subject = envelope.subject().unwrap_or_default();
        let line = format!("{} {place} {subject}{more}", self.0);
        self.1.lock().unwrap().push(line);
        (self.2)(place, envelope)
    }
}

impl Middleware for Asked {
    fn before_publish(&self, envelope: &Envelope) -> Next {
        self.at("before_publish", envelope, "")
    }

    fn after_publish(&self, published: &Delivery) -> Next {
        let more = format!(" {:?} {}", published.fate(), published.sequence());
        self.at("after_publish", published, &more)
    }

    fn before_dispatch(&self, subscriber: &Subscriber, delivery: &Delivery) -> Next {
        let more = format!(" {} to {}", delivery.sequence(), subscriber.name());
        self.at("before_dispatch", delivery, &more)
    }

    fn after_dispatch(&self, _: &Subscriber, delivery: &Delivery, outcome: &Outcome) -> Next {
        self.at("after_dispatch", delivery, &format!(" {outcome:?}"))
    }
}

/// A log with two of them, the first of which always lets pass.
fn asked(kept: &Memory, answer: Answer) -> (Log, Told) {
    let told = Told::default();
    let outer = Asked("outer", Arc::clone(&told), |_, _| Next::Continue);
    let inner = Asked("inner", Arc::clone(&told), answer);
    let log = log_with(kept, |settings| {
        settings.middleware(outer).middleware(inner)
    });
    (log, told)
}

fn lines(told: &Told) -> Vec<String> {
    std::mem::take(&mut *told.lock().unwrap())
}

/// What the outer one was told afterwards.
fn after(told: &Told) -> Vec<String> {
    let outer = lines(told).into_iter();
    let outer = outer.filter_map(|line| {
        line.strip_prefix("outer after_dispatch ")
            .map(str::to_owned)
    });
    outer.collect()
}

async fn open(log: &Log) -> PersistentSubscription {
    let subscribe = log.subscribe("billing", orders());
    let subscribe = subscribe.start_from(StartFrom::Origin);
    let subscribe = subscribe.attempts(2, SECOND, SECOND);
    subscribe.ack_deadline(SECOND * 10).open().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn they_are_asked_in_order_before_and_in_the_opposite_order_after() {
    let (log, told) = asked(&Memory::default(), |_, _| Next::Continue);
    let subscription = open(&log).await;
    log.publish(order("1")).await.unwrap();
    assert_eq!(
        lines(&told),
        [
            "outer before_publish 1",
            "inner before_publish 1",
            "inner after_publish 1 Given 1",
            "outer after_publish 1 Given 1",
        ]
    );
    let delivery = subscription.next().await.unwrap();
    assert_eq!(
        lines(&told),
        [
            "outer before_dispatch 1 1 to billing",
            "inner before_dispatch 1 1 to billing",
        ]
    );
    delivery.ack().await.unwrap();
    assert_eq!(
        lines(&told),
        [
            "inner after_dispatch 1 Handled",
            "outer after_dispatch 1 Handled",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn before_publishing_one_changes_or_skips_and_what_is_recorded_is_told() {
    let (log, told) = asked(&Memory::default(), |place, envelope| {
        match (place, envelope.subject()) {
            ("before_publish", Some("1")) => Next::Skip,
            ("before_publish", Some("2")) => Next::With(order("22").id("it").build().unwrap()),
            _ => Next::Continue,
        }
    });
    let published = log.publish_all(["0", "1", "2"].map(order)).await.unwrap();
    let fates = published
        .iter()
        .map(|one| (one.fate(), one.sequence(), one.is_new()));
    let wanted = [
        (Fate::Given, 1, true),
        (Fate::Skipped, 0, false),
        (Fate::Given, 2, true),
    ];
    assert!(fates.eq(wanted), "{published:?}");
    let again = log.publish(order("2")).await.unwrap();
    assert_eq!((again.fate(), again.sequence()), (Fate::Duplicate, 2));
    let mut after = lines(&told);
    after.retain(|line| line.starts_with("outer after"));
    assert_eq!(
        after,
        [
            "outer after_publish 0 Given 1",
            "outer after_publish 1 Skipped 0",
            "outer after_publish 22 Given 2",
            "outer after_publish 22 Duplicate 2",
        ]
    );
    let kept = log.snapshot(Select::all(), 9).await.unwrap();
    let subjects: Vec<_> = kept.iter().filter_map(|one| one.subject()).collect();
    assert_eq!(subjects, ["0", "22"]);
}

#[tokio::test(start_paused = true)]
async fn before_publishing_one_that_halts_or_panics_has_nothing_recorded() {
    let (log, told) = asked(&Memory::default(), |place, envelope| {
        match (place, envelope.subject()) {
            ("before_publish", Some("3")) => Next::Halt("no threes".into()),
            ("before_publish", Some("4")) => unreachable!("fours"),
            _ => Next::Continue,
        }
    });
    for (subject, kind, words) in [
        (
            "3",
            LogErrorKind::Halted,
            "signal 1: a middleware halted it: no threes",
        ),
        (
            "4",
            LogErrorKind::Middleware,
            "signal 1: a middleware panicked: internal error",
        ),
    ] {
        let refused = log
            .publish_all(["0", subject].map(order))
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), kind);
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert_eq!(log.last(), 0);
    assert!(
        lines(&told)
            .iter()
            .all(|line| line.contains("before_publish"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_happened_stands_whatever_they_say_of_it() {
    let (log, _) = asked(&Memory::default(), |place, envelope| {
        match (place, envelope.subject()) {
            ("after_publish" | "after_dispatch", Some("1")) => unreachable!("ones"),
            ("after_publish" | "after_dispatch", Some("2")) => Next::Halt("twos".into()),
            _ => Next::Continue,
        }
    });
    let subscription = open(&log).await;
    for subject in ["1", "2"] {
        log.publish(order(subject)).await.unwrap();
        subscription.next().await.unwrap().ack().await.unwrap();
    }
    assert_eq!(subscription.low_water_mark(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_one_skips_before_dispatch_is_settled_for_good() {
    let kept = Memory::default();
    let skip: Answer = |place, envelope| match (place, envelope.subject()) {
        ("before_dispatch", Some("1" | "3")) => Next::Skip,
        _ => Next::Continue,
    };
    let (log, told) = asked(&kept, skip);
    let subscription = open(&log).await;
    // The first two share a key, so that the second waits for what becomes of the first.
    log.publish_all([order("1"), order("1"), order("2"), order("3")])
        .await
        .unwrap();
    let delivery = subscription.next().await.unwrap();
    assert_eq!(delivery.sequence(), 3);
    delivery.ack().await.unwrap();
    let skipped = timeout(SECOND * 60, subscription.next()).await;
    assert!(skipped.is_err(), "the fourth is skipped too");
    assert_eq!(subscription.low_water_mark(), 4);
    assert_eq!(after(&told), ["2 Handled"]);
    assert!(
        log.dead_letters("billing")
            .list(0, 9)
            .await
            .unwrap()
            .is_empty()
    );
    drop((subscription, log));
    let (log, _) = asked(&kept, |_, _| Next::Continue);
    let subscription = open(&log).await;
    let again = timeout(SECOND * 60, subscription.next()).await;
    assert!(
        again.is_err(),
        "it is settled, so it is not given out again"
    );
}

#[tokio::test(start_paused = true)]
async fn what_one_refuses_before_dispatch_is_a_dead_letter_that_can_be_redriven() {
    let kept = Memory::default();
    let (log, _) = asked(&kept, |place, envelope| match (place, envelope.subject()) {
        ("before_dispatch", Some("1")) => Next::Halt("not that one".into()),
        ("before_dispatch", Some("2")) => unreachable!("twos"),
        _ => Next::Continue,
    });
    let subscription = open(&log).await;
    log.publish_all(["1", "2", "3"].map(order)).await.unwrap();
    let delivery = subscription.next().await.unwrap();
    assert_eq!(delivery.sequence(), 3, "the others do not reach anybody");
    delivery.ack().await.unwrap();
    let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
    let reasons: Vec<_> = dead.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons[0], "a middleware halted it: not that one");
    assert!(
        reasons[1].starts_with("a middleware panicked: internal error"),
        "{reasons:?}"
    );
    assert_eq!(subscription.low_water_mark(), 3);
    drop((subscription, log));

    let (log, _) = asked(&kept, |_, _| Next::Continue);
    let subscription = open(&log).await;
    log.dead_letters("billing").redrive([1]).await.unwrap();
    let delivery = subscription.next().await.unwrap();
    assert_eq!((delivery.sequence(), delivery.attempt()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_one_changes_before_dispatch_is_what_somebody_gets_and_not_what_the_log_has() {
    let (log, told) = asked(&Memory::default(), |place, envelope| {
        match (place, envelope.subject()) {
            ("before_dispatch", Some("1")) => Next::With(order("11").build().unwrap()),
            _ => Next::Continue,
        }
    });
    let subscription = open(&log).await;
    log.publish(order("1")).await.unwrap();
    let delivery = subscription.next().await.unwrap();
    assert_eq!(delivery.subject(), Some("11"));
    delivery.nack("once more").await.unwrap();
    let delivery = subscription.next().await.unwrap();
    assert_eq!((delivery.subject(), delivery.attempt()), (Some("11"), 2));
    delivery.ack().await.unwrap();
    assert_eq!(after(&told), ["11 Failed(\"once more\")", "11 Handled"]);
    let kept = log.snapshot(Select::all(), 9).await.unwrap();
    assert_eq!(kept[0].subject(), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn they_hear_once_what_became_of_each_delivery() {
    let (log, told) = asked(&Memory::default(), |_, _| Next::Continue);
    let subscription = open(&log).await;
    log.publish_all(["let go", "late"].map(order))
        .await
        .unwrap();
    drop(subscription.next().await.unwrap());
    let late = subscription.next().await.unwrap();
    assert_eq!(after(&told), ["let go Failed(\"it was let go\")"]);
    tokio::time::advance(SECOND * 11).await;
    let again = subscription.next().await.unwrap();
    assert_eq!(after(&told), ["late TimedOut"]);
    again.ack().await.unwrap();
    late.ack().await.unwrap();
    assert_eq!(
        after(&told),
        ["let go Handled"],
        "of the late one it was told"
    );
}

#[tokio::test(start_paused = true)]
async fn they_hear_what_became_of_a_signal_at_its_handler() {
    let (log, told) = asked(&Memory::default(), |_, _| Next::Continue);
    let subscription = open(&log).await;
    log.publish_all(["well", "fails", "panics"].map(order))
        .await
        .unwrap();
    let handler = async |order: Option<String>| match order.as_deref() {
        Some("fails") => Err(std::io::Error::other("no")),
        Some("panics") => unreachable!("as it should"),
        _ => Ok(()),
    };
    let each = subscription.each(1, |order: Recorded| {
        handler(order.subject().map(str::to_owned))
    });
    let ended = timeout(SECOND / 2, each).await;
    assert!(ended.is_err(), "it goes on");
    assert_eq!(
        after(&told),
        [
            "well Handled",
            "fails Failed(\"no\")",
            "panics Panicked(\"internal error: entered unreachable code: as it should\")",
        ]
    );
}

/// Says when it is told that a deadline has passed, and waits until it may go on.
struct Slow(Sender<()>, Mutex<Receiver<()>>);

impl Middleware for Slow {
    fn after_dispatch(&self, _: &Subscriber, _: &Delivery, outcome: &Outcome) -> Next {
        if matches!(outcome, Outcome::TimedOut) {
            self.0.send(()).unwrap();
            self.1.lock().unwrap().recv().unwrap();
        }
        Next::Continue
    }
}

#[derive(Debug, Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn what_is_acknowledged_while_a_middleware_hears_of_its_deadline_stays_so() {
    let (kept, clock) = (Memory::default(), Arc::new(Hand::default()));
    let ((late, is_late), (go, goes)) = (channel(), channel());
    let settings = Settings {
        clock: Arc::<Hand>::clone(&clock),
        ..Settings::default()
    };
    let settings = settings.middleware(Slow(late, Mutex::new(goes)));
    let log = Log::over(kept.clone(), settings).unwrap();
    let subscription = block_on(open(&log));
    block_on(log.publish(order("1"))).unwrap();
    let delivery = block_on(subscription.next()).unwrap();
    clock.0.fetch_add(60_000, Ordering::SeqCst);
    std::thread::scope(|scope| {
        // Whoever asks for more finds that the deadline has passed.
        let asks =
            scope.spawn(|| block_on(async { timeout(SECOND / 10, subscription.next()).await }));
        is_late.recv().unwrap();
        block_on(delivery.ack()).unwrap();
        go.send(()).unwrap();
        assert!(asks.join().unwrap().is_err());
    });
    drop((subscription, log));
    let log = log_with(&kept, |settings| settings);
    let subscription = block_on(open(&log));
    assert_eq!(
        (subscription.low_water_mark(), subscription.figures().lag),
        (1, 0)
    );
    assert!(block_on(async { timeout(SECOND / 10, subscription.next()).await }).is_err());
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(work)
}
