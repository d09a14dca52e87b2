//! Middlewares: their order, what they answer, and what a panic in one costs.

use std::sync::{Arc, Mutex};

use enact_signal_bus::{
    Bus, Delivery, Fate, Middleware, Next, Outcome, PublishErrorKind, Subscriber,
};
use enact_signal_core::Envelope;

use crate::{envelope, pattern, taken};

type Log = Arc<Mutex<Vec<String>>>;

/// Writes down what it is asked, and answers by what the signal is about.
struct Asked {
    name: &'static str,
    log: Log,
    answer: fn(&'static str, &Envelope) -> Next,
}

impl Asked {
    fn at(&self, place: &'static str, envelope: &Envelope, more: &str) -> Next {
        let subject = envelope.subject().unwrap_or_default();
        let line = format!("{} {place} {subject}{more}", self.name);
        self.log
            .lock()
            .expect("nobody panics holding it")
            .push(line);
        (self.answer)(place, envelope)
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
        let more = format!(" to {}", subscriber.name());
        self.at("before_dispatch", delivery, &more)
    }

    fn after_dispatch(&self, _: &Subscriber, delivery: &Delivery, outcome: &Outcome) -> Next {
        let more = format!(" {outcome:?}");
        self.at("after_dispatch", delivery, &more)
    }
}

/// A bus with two of them, the first of which always lets pass.
fn bus(answer: fn(&'static str, &Envelope) -> Next) -> (Bus, Log) {
    let log = Log::default();
    let one = |name, answer| Asked {
        name,
        log: Arc::clone(&log),
        answer,
    };
    let bus = Bus::builder()
        .middleware(one("outer", |_, _| Next::Continue))
        .middleware(one("inner", answer));
    (bus.build(), log)
}

fn told(log: &Log) -> Vec<String> {
    std::mem::take(&mut *log.lock().expect("nobody panics holding it"))
}

#[tokio::test(start_paused = true)]
async fn they_are_asked_in_order_before_and_in_the_opposite_order_after() {
    let (bus, log) = bus(|_, _| Next::Continue);
    let mut stream = bus.subscribe(pattern("a")).open();
    bus.publish(envelope("a", 1)).await.expect("there is room");
    assert_eq!(
        told(&log),
        [
            "outer before_publish 1",
            "inner before_publish 1",
            "inner after_publish 1 Given 1",
            "outer after_publish 1 Given 1",
        ]
    );
    stream.next().await.expect("one waits");
    assert_eq!(
        told(&log),
        [
            "outer before_dispatch 1 to a",
            "inner before_dispatch 1 to a",
            "inner after_dispatch 1 Taken",
            "outer after_dispatch 1 Taken",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn they_hear_what_became_of_a_signal_at_its_handler() {
    let (bus, log) = bus(|_, _| Next::Continue);
    let ship = bus.subscribe(pattern("a")).named("ship");
    let ship = ship.handle(async |delivery: Delivery| match delivery.subject() {
        Some("1") => Err("no"),
        Some("2") => unreachable!("never a two"),
        _ => Ok(()),
    });
    for subject in 1..4 {
        bus.publish(envelope("a", subject))
            .await
            .expect("there is room");
    }
    told(&log);
    ship.finish().await;
    let mut after = told(&log);
    after.retain(|line| line.starts_with("outer"));
    assert_eq!(
        after,
        [
            "outer before_dispatch 1 to ship",
            "outer after_dispatch 1 Failed(\"no\")",
            "outer before_dispatch 2 to ship",
            "outer after_dispatch 2 Panicked(\"internal error: entered unreachable code: never a two\")",
            "outer before_dispatch 3 to ship",
            "outer after_dispatch 3 Handled",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn before_publishing_one_changes_skips_or_halts() {
    let (bus, log) = bus(|place, envelope| match (place, envelope.subject()) {
        ("before_publish", Some("1")) => Next::Skip,
        ("before_publish", Some("2")) => Next::With(crate::envelope("b", 22)),
        ("before_publish", Some("3")) => Next::Halt("no threes".into()),
        ("before_publish", Some("4")) => unreachable!("fours"),
        _ => Next::Continue,
    });
    let mut all = bus.subscribe(pattern("*")).open();
    let batch = bus.publish_all([0, 1, 2].map(|subject| envelope("a", subject)));
    let batch = batch.await.expect("none is refused");
    let fates = batch
        .iter()
        .map(|one| (one.fate(), one.ty().as_str(), one.sequence()));
    let wanted = [
        (Fate::Given, "a", 1),
        (Fate::Skipped, "a", 1),
        (Fate::Given, "b", 2),
    ];
    assert!(fates.eq(wanted), "{batch:?}");
    assert!(told(&log).contains(&"inner after_publish 1 Skipped 1".to_owned()));
    for (subject, kind, words) in [
        (
            3,
            PublishErrorKind::Halted,
            "signal 1: a middleware halted it: no threes",
        ),
        (
            4,
            PublishErrorKind::Middleware,
            "signal 1: a middleware panicked: internal error",
        ),
    ] {
        let refused = bus.publish_all([0, subject].map(|subject| envelope("a", subject)));
        let refused = refused.await.expect_err("one is refused");
        assert_eq!(refused.kind(), kind);
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert_eq!(taken(&mut all), [0, 22]);
    let figures = bus.figures();
    assert_eq!(
        (figures.published, figures.skipped, figures.halted),
        (2, 1, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn before_dispatch_one_keeps_a_signal_from_one_subscriber_and_no_other() {
    struct ForShip;
    impl Middleware for ForShip {
        fn before_dispatch(&self, subscriber: &Subscriber, delivery: &Delivery) -> Next {
            match (subscriber.name(), delivery.subject()) {
                ("ship", Some("1")) => Next::Skip,
                ("ship", Some("2")) => Next::Halt("not that one".into()),
                ("ship", Some("3")) => unreachable!("threes"),
                ("ship", Some("4")) => Next::With(envelope("a", 44)),
                _ => Next::Continue,
            }
        }
    }
    let bus = Bus::builder().middleware(ForShip).build();
    let mut ship = bus.subscribe(pattern("a")).named("ship").open();
    let mut bill = bus.subscribe(pattern("a")).named("bill").open();
    for subject in 0..5 {
        bus.publish(envelope("a", subject))
            .await
            .expect("there is room");
    }
    let got = [ship.next().await, ship.next().await]
        .map(|one| one.and_then(|one| one.subject().map(str::to_owned)));
    assert_eq!(
        got.each_ref().map(|one| one.as_deref()),
        [Some("0"), Some("44")]
    );
    assert_eq!(taken(&mut bill), [0, 1, 2, 3, 4]);
    assert_eq!((ship.figures().taken, ship.figures().skipped), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn after_publishing_a_panic_or_a_halt_changes_nothing_that_has_happened() {
    let (bus, log) = bus(|place, envelope| match (place, envelope.subject()) {
        ("after_publish" | "after_dispatch", Some("1")) => unreachable!("ones"),
        ("after_publish" | "after_dispatch", Some("2")) => Next::Halt("twos".into()),
        ("after_publish", Some("3")) => Next::With(crate::envelope("a", 33)),
        _ => Next::Continue,
    });
    let mut all = bus.subscribe(pattern("a")).open();
    for (subject, answer) in [(1, "1"), (2, "2"), (3, "33")] {
        let published = bus
            .publish(envelope("a", subject))
            .await
            .expect("it is published");
        assert_eq!(published.subject(), Some(answer));
    }
    assert_eq!(taken(&mut all), [1, 2, 3]);
    let outer = told(&log)
        .into_iter()
        .filter(|line| line.starts_with("outer after"));
    let outer: Vec<_> = outer.collect();
    assert_eq!(
        outer,
        [
            "outer after_publish 33 Given 3",
            "outer after_dispatch 3 Taken"
        ]
    );
}
