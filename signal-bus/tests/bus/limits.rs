//! What is published twice, and what comes too fast.

use std::time::Duration;

use enact_signal_bus::{Bus, Delivery, Fate, Overflow, PublishErrorKind, Rate};
use enact_signal_core::Envelope;
use tokio::time::{Instant, advance};

use crate::{envelope, pattern, taken};

const SECOND: Duration = Duration::from_secs(1);

fn event(source: &str, id: &str) -> Envelope {
    let event = Envelope::builder("a", source).id(id).subject("7");
    event.build().expect("the event of a test is well")
}

#[tokio::test(start_paused = true)]
async fn a_signal_is_published_once_within_the_window() {
    let bus = Bus::builder().dedupe(3, 10 * SECOND).build();
    let mut all = bus.subscribe(pattern("a")).open();
    let publish = async |source: &str, id: &str| {
        let published = bus.publish(event(source, id)).await.expect("there is room");
        (published.fate(), published.sequence())
    };
    assert_eq!(publish("/one", "1").await, (Fate::Given, 1));
    assert_eq!(publish("/other", "1").await, (Fate::Given, 2));
    assert_eq!(publish("/one", "1").await, (Fate::Duplicate, 1));
    advance(9 * SECOND).await;
    assert_eq!(publish("/one", "1").await, (Fate::Duplicate, 1));
    advance(SECOND).await;
    assert_eq!(
        publish("/one", "1").await,
        (Fate::Given, 3),
        "it is too old"
    );
    for id in ["2", "3", "4"] {
        publish("/one", id).await;
    }
    assert_eq!(
        publish("/one", "1").await,
        (Fate::Given, 7),
        "there were three since"
    );
    assert_eq!(taken(&mut all).len(), 7);
    assert_eq!((bus.figures().published, bus.figures().duplicates), (7, 2));
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_is_twice_in_a_batch_is_published_once() {
    let bus = Bus::builder().dedupe(10, SECOND).build();
    let mut all = bus.subscribe(pattern("a")).queue(3, Overflow::Wait).open();
    let batch = || [event("/one", "1"), event("/one", "2"), event("/one", "1")];
    for fates in [
        [Fate::Given, Fate::Given, Fate::Duplicate],
        [Fate::Duplicate; 3],
    ] {
        let published = bus.publish_all(batch()).await.expect("there is room");
        assert!(published.iter().map(Delivery::fate).eq(fates));
        assert_eq!(published[0].sequence(), published[2].sequence());
    }
    assert_eq!(all.waiting(), 2);
    // The room that the duplicate was promised was given back.
    bus.publish(event("/one", "3"))
        .await
        .expect("there is room");
    assert_eq!(taken(&mut all).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_known() {
    let bus = Bus::builder().dedupe(10, SECOND).build();
    let mut strict = bus
        .subscribe(pattern("a"))
        .queue(1, Overflow::Refuse)
        .open();
    bus.publish(event("/one", "1"))
        .await
        .expect("there is room");
    let refused = bus
        .publish(event("/one", "2"))
        .await
        .expect_err("it is full");
    assert_eq!(
        (refused.kind(), bus.figures().full),
        (PublishErrorKind::Full, 1)
    );
    let again = bus
        .publish(event("/one", "1"))
        .await
        .expect("nothing is to be done");
    assert_eq!(again.fate(), Fate::Duplicate);
    assert_eq!(taken(&mut strict).len(), 1);
    let again = bus
        .publish(event("/one", "2"))
        .await
        .expect("there is room");
    assert_eq!(again.fate(), Fate::Given);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_too_fast_is_told_how_long_to_wait() {
    let bus = Bus::builder()
        .rate_per_source(Rate::new(2, 10 * SECOND))
        .build();
    let mut all = bus.subscribe(pattern("a")).open();
    for id in ["1", "2"] {
        bus.publish(event("/one", id))
            .await
            .expect("the rate is not used up");
    }
    let refused = bus
        .publish(event("/one", "3"))
        .await
        .expect_err("it is used up");
    assert_eq!(refused.kind(), PublishErrorKind::Limited);
    assert_eq!(refused.retry_after(), Some(5 * SECOND));
    assert!(
        refused
            .to_string()
            .contains("`/one` is used up; publish again in 5s"),
        "{refused}"
    );
    bus.publish(event("/other", "1"))
        .await
        .expect("the rate is for each source");
    advance(5 * SECOND).await;
    bus.publish(event("/one", "3"))
        .await
        .expect("there is some again");
    assert_eq!(taken(&mut all).len(), 4);
    assert_eq!((bus.figures().published, bus.figures().limited), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_publisher_waits_for_the_rate_of_its_source_where_it_is_told_to() {
    let rate = Rate::new(2, 10 * SECOND).waits();
    let bus = Bus::builder().rate_per_source(rate).build();
    let began = Instant::now();
    for id in ["1", "2", "3", "4"] {
        bus.publish(event("/one", id)).await.expect("it waits");
    }
    assert_eq!(began.elapsed().as_secs(), 10);
    assert_eq!((bus.figures().published, bus.figures().delayed), (4, 2));
    // Who gives up waiting gives back.
    let gives_up = tokio::time::timeout(SECOND, bus.publish(event("/one", "5")));
    gives_up.await.expect_err("it would wait for five seconds");
    let began = Instant::now();
    bus.publish(event("/one", "6")).await.expect("it waits");
    assert_eq!(began.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_refuses_by_rate_keeps_all_others_from_getting_anything() {
    let bus = Bus::new();
    let mut other = bus.subscribe(pattern("a")).open();
    let strict = bus.subscribe(pattern("a")).named("mail");
    let mut strict = strict.rate(Rate::new(2, 10 * SECOND)).open();
    let batch = |subjects: [u32; 2]| subjects.map(|subject| envelope("a", subject));
    bus.publish(envelope("a", 1))
        .await
        .expect("the rate is not used up");
    let refused = bus
        .publish_all(batch([2, 3]))
        .await
        .expect_err("one is left");
    assert_eq!(
        (refused.kind(), refused.retry_after()),
        (PublishErrorKind::Limited, Some(5 * SECOND))
    );
    assert!(
        refused.to_string().contains("the subscription `mail`"),
        "{refused}"
    );
    bus.publish(envelope("a", 4)).await.expect("one is left");
    assert_eq!(
        (taken(&mut strict), taken(&mut other)),
        (vec![1, 4], vec![1, 4])
    );
    assert_eq!((strict.figures().limited, bus.figures().limited), (1, 1));
    // What another refuses is not taken of the rate.
    let full = bus
        .subscribe(pattern("a"))
        .queue(1, Overflow::Refuse)
        .open();
    advance(10 * SECOND).await;
    bus.publish_all(batch([5, 6]))
        .await
        .expect_err("one has no room for it");
    drop(full);
    bus.publish_all(batch([5, 6]))
        .await
        .expect("the rate is as it was");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_waits_by_rate_gets_signals_later() {
    let bus = Bus::new();
    let rate = Rate::new(2, 10 * SECOND).waits();
    let mut slow = bus.subscribe(pattern("a")).rate(rate).open();
    let began = Instant::now();
    for subject in 0..5 {
        bus.publish(envelope("a", subject))
            .await
            .expect("nobody waits");
    }
    assert!(began.elapsed().is_zero());
    for seconds in [0, 0, 5, 10, 15] {
        slow.next().await.expect("the bus is open");
        assert_eq!(began.elapsed().as_secs(), seconds);
    }
    assert_eq!((slow.figures().taken, slow.figures().delayed), (5, 3));
}
