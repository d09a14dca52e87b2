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
async fn who_waits_for_a_rate_hears_at_once_that_the_bus_is_closed() {
    let rate = Rate::new(1, 100 * SECOND).waits();
    let bus = Bus::builder().rate_per_source(rate).build();
    bus.publish(event("/one", "1")).await.expect("there is one");
    let began = Instant::now();
    let closes = async {
        tokio::time::sleep(SECOND).await;
        bus.close();
    };
    let (refused, ()) = tokio::join!(bus.publish(event("/one", "2")), closes);
    let refused = refused.map(|delivery| delivery.fate());
    let kind = refused.expect_err("it is closed").kind();
    assert_eq!((kind, began.elapsed()), (PublishErrorKind::Closed, SECOND));
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

#[tokio::test(start_paused = true)]
async fn nothing_waits_for_a_rate_where_nothing_is_there() {
    let rate = Rate::new(1, 3600 * SECOND).waits();
    let (bus, began) = (Bus::new(), Instant::now());
    let handled = bus.subscribe(pattern("a")).rate(rate);
    let handled = handled.handle(async |_| ());
    let mut stream = bus.subscribe(pattern("a")).rate(rate).open();
    bus.publish(envelope("a", 1)).await.expect("nobody waits");
    let figures = handled.finish().await;
    assert_eq!((figures.handled, figures.delayed), (1, 0));
    assert!(stream.next().await.is_some());
    bus.close();
    assert!(stream.next().await.is_none());
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_is_twice_in_a_batch_needs_room_and_rate_once() {
    let bus = Bus::builder()
        .dedupe(10, SECOND)
        .rate_per_source(Rate::new(1, 3600 * SECOND))
        .build();
    let strict = bus.subscribe(pattern("a")).queue(1, Overflow::Refuse);
    let mut strict = strict.open();
    let batch = [event("/one", "1"), event("/one", "1")];
    let published = bus.publish_all(batch).await.expect("one is to be given");
    let fates = published.iter().map(|one| (one.fate(), one.sequence()));
    assert!(fates.eq([(Fate::Given, 1), (Fate::Duplicate, 1)]));
    assert_eq!(taken(&mut strict).len(), 1);
    assert_eq!((bus.figures().published, bus.figures().duplicates), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_batch_beyond_the_window_is_published_again() {
    let bus = Bus::builder().dedupe(1, SECOND).build();
    let batch = ["1", "1", "2", "1"].map(|id| event("/one", id));
    let published = bus.publish_all(batch).await.expect("there is room");
    let sequences = published.iter().map(Delivery::sequence);
    assert!(sequences.eq([1, 1, 2, 3]));
}

#[tokio::test(start_paused = true)]
async fn the_lanes_of_a_subscription_share_its_rate_within_a_batch() {
    let bus = Bus::new();
    let lanes = bus.subscribe(pattern("a")).rate(Rate::new(4, SECOND));
    let lanes = lanes.lanes(4).open();
    let batch = |count| (0..count).map(|subject| envelope("a", subject));
    bus.publish_all(batch(1)).await.expect("it has four");
    let refused = bus.publish_all(batch(4)).await.expect_err("three are left");
    assert_eq!(refused.kind(), PublishErrorKind::Limited);
    bus.publish_all(batch(3)).await.expect("three are left");
    let waiting: usize = lanes
        .iter()
        .map(enact_signal_bus::Subscription::waiting)
        .sum();
    assert_eq!((waiting, lanes[0].figures().limited), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_gives_up_late_gives_back_nothing_of_what_others_have_used() {
    let rate = Rate::new(1, 10 * SECOND).waits();
    let bus = Bus::builder().rate_per_source(rate).build();
    let full = bus.subscribe(pattern("b")).queue(1, Overflow::Wait).open();
    let other = Envelope::builder("b", "/other");
    bus.publish(other).await.expect("there is room");
    let of_one = || Envelope::builder("a", "/one");
    let waits = bus.publish(Envelope::builder("b", "/one"));
    let waits = tokio::time::timeout(11 * SECOND, waits);
    let used = async {
        advance(SECOND * 10).await;
        bus.publish(of_one()).await.expect("there is some again");
    };
    let (given_up, ()) = tokio::join!(waits, used);
    given_up.expect_err("there is no room");
    let began = Instant::now();
    bus.publish(of_one()).await.expect("it waits");
    assert!(began.elapsed() >= 8 * SECOND, "{:?}", began.elapsed());
    assert_eq!(full.waiting(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_many_sources_takes_of_each_what_is_of_it() {
    let bus = Bus::builder()
        .rate_per_source(Rate::new(2, 10 * SECOND))
        .build();
    let batch = |times| (0..times * 1000).map(|number| event(&format!("/{}", number % 1000), "1"));
    bus.publish_all(batch(1)).await.expect("two are let pass");
    let refused = bus.publish_all(batch(2)).await.expect_err("one is left");
    assert_eq!(refused.retry_after(), Some(5 * SECOND));
    assert!(refused.to_string().contains("`/0`"), "{refused}");
    bus.publish_all(batch(1)).await.expect("one is left");
}
