//! What is given out again, when, and to whom.

use std::future::{pending, poll_fn};
use std::mem::ManuallyDrop;
use std::task::Poll;
use std::time::Duration;

use enact_signal_bus::log::{Log, LogError, LogErrorKind, Memory, Recorded, StartFrom};
use enact_signal_bus::persistent::{Delivery, Order, PersistentSubscription};
use enact_signal_core::Envelope;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

use crate::place::{log, order, orders};

const SECOND: Duration = Duration::from_secs(1);

async fn open(log: &Log) -> PersistentSubscription {
    let subscribe = log.subscribe("billing", orders());
    let subscribe = subscribe
        .attempts(3, SECOND, SECOND * 60)
        .ack_deadline(SECOND * 10);
    subscribe
        .start_from(StartFrom::Origin)
        .open()
        .await
        .unwrap()
}

/// What a crash leaves: nobody says anything of it any more.
fn crash<T>(had: T) {
    let _ = ManuallyDrop::new(had);
}

/// Nothing is given out now.
async fn is_quiet(subscription: &PersistentSubscription) -> bool {
    let mut next = Box::pin(subscription.next());
    poll_fn(|task| Poll::Ready(next.as_mut().poll(task).is_pending())).await
}

async fn next(subscription: &PersistentSubscription) -> Delivery {
    subscription.next().await.unwrap()
}

fn told(delivery: &Delivery) -> (u64, u32) {
    (delivery.sequence(), delivery.attempt())
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_fails_is_made_again_after_the_backoff_and_then_it_is_a_dead_letter() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    log.publish(order("1")).await.unwrap();
    let begun = Instant::now();
    let mut times = Vec::new();
    for attempt in 1..=3 {
        let delivery = next(&subscription).await;
        assert_eq!(told(&delivery), (1, attempt));
        times.push(begun.elapsed().as_secs());
        delivery.nack(format!("no {attempt}")).await.unwrap();
    }
    assert_eq!(times, [0, 1, 3]);
    let dead = log.dead_letters("billing");
    let letters = dead.list(0, 9).await.unwrap();
    let told = letters
        .iter()
        .map(|it| (it.sequence, it.attempts, it.reason.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), [(1, 3, "no 3")]);
    assert_eq!(
        dead.signal(&letters[0]).await.unwrap().unwrap().subject(),
        Some("1")
    );
    assert_eq!(subscription.low_water_mark(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_that_is_redriven_goes_to_whoever_subscribes_then() {
    let kept = Memory::default();
    let first = log(&kept);
    let subscription = open(&first).await;
    first.publish_all([order("1"), order("2")]).await.unwrap();
    for _ in 0..3 {
        let delivery = next(&subscription).await;
        delivery.nack_for(Duration::ZERO, "no").await.unwrap();
    }
    next(&subscription).await.ack().await.unwrap();
    drop((subscription, first));
    let log = log(&kept);
    let dead = log.dead_letters("billing");
    assert_eq!(dead.redrive([1, 1, 2, 77]).await.unwrap(), 1);
    let subscription = open(&log).await;
    let delivery = next(&subscription).await;
    assert_eq!(told(&delivery), (1, 1));
    delivery.ack().await.unwrap();
    assert!(is_quiet(&subscription).await);
    assert_eq!(dead.list(0, 9).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_acknowledged_in_time_is_given_out_again_and_a_late_acknowledgement_counts() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    log.publish(order("1")).await.unwrap();
    let begun = Instant::now();
    let slow = next(&subscription).await;
    let again = next(&subscription).await;
    assert_eq!((told(&again), begun.elapsed().as_secs()), ((1, 2), 11));
    slow.ack().await.unwrap();
    let late = again.ack().await.unwrap_err();
    assert_eq!(late.kind(), LogErrorKind::Settled);
    assert!(is_quiet(&subscription).await);
}

#[tokio::test(start_paused = true)]
async fn the_next_of_a_key_waits_for_the_one_before_and_other_keys_do_not() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    let key = |key: &str| order("9").extension("partitionkey", key);
    let all = [
        order("a"),
        order("a"),
        order("b"),
        key("a"),
        key("k"),
        key("k"),
    ];
    log.publish_all(all).await.unwrap();
    log.publish(Envelope::builder("order.anonymous", "/shop"))
        .await
        .unwrap();
    let mut held = Vec::new();
    for sequence in [1, 3, 5, 7] {
        let delivery = next(&subscription).await;
        assert_eq!(delivery.sequence(), sequence);
        held.push(delivery);
    }
    assert!(is_quiet(&subscription).await);
    held.remove(0).ack().await.unwrap();
    assert_eq!(next(&subscription).await.sequence(), 2);
    held.remove(0).nack("no").await.unwrap();
    held.remove(0).ack().await.unwrap();
    assert_eq!(next(&subscription).await.sequence(), 6);
}

#[tokio::test(start_paused = true)]
async fn in_order_of_all_there_is_one_at_a_time() {
    let log = log(&Memory::default());
    let subscribe = log.subscribe("ledger", orders()).order(Order::All);
    let subscription = subscribe.open().await.unwrap();
    log.publish_all([order("a"), order("b")]).await.unwrap();
    let first = next(&subscription).await;
    assert!(is_quiet(&subscription).await);
    first.ack().await.unwrap();
    assert_eq!(next(&subscription).await.sequence(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_more_are_in_flight_than_are_allowed() {
    let log = log(&Memory::default());
    let subscribe = log.subscribe("billing", orders()).max_in_flight(2);
    let subscription = subscribe.open().await.unwrap();
    log.publish_all(["a", "b", "c"].map(order)).await.unwrap();
    let first = next(&subscription).await;
    let _second = next(&subscription).await;
    assert!(is_quiet(&subscription).await);
    first.ack().await.unwrap();
    assert_eq!(next(&subscription).await.sequence(), 3);
    assert_eq!(
        subscription.in_flight(),
        1,
        "a delivery that was let go is with nobody"
    );
}

#[tokio::test(start_paused = true)]
async fn a_subscription_begins_where_it_is_told_and_goes_on_where_it_was() {
    let kept = Memory::default();
    let log = log(&kept);
    log.publish(order("1")).await.unwrap();
    tokio::time::advance(SECOND * 60).await;
    let middle =
        enact_signal_core::Timestamp::try_from(std::time::UNIX_EPOCH + Duration::from_secs(1030));
    log.publish_all([order("2"), order("3")]).await.unwrap();
    let starts = [
        ("origin", StartFrom::Origin, Some(1)),
        ("latest", StartFrom::Latest, None),
        ("sequence", StartFrom::Sequence(3), Some(3)),
        ("time", StartFrom::Time(middle.unwrap()), Some(2)),
    ];
    for (name, from, first) in starts {
        let subscribe = log.subscribe(name, orders()).start_from(from);
        let subscription = subscribe.open().await.unwrap();
        match first {
            Some(first) => assert_eq!(next(&subscription).await.sequence(), first, "{name}"),
            None => assert!(is_quiet(&subscription).await, "{name}"),
        }
    }
    let again = log
        .subscribe("latest", orders())
        .start_from(StartFrom::Origin);
    let again = again.open().await.unwrap();
    log.publish(order("4")).await.unwrap();
    assert_eq!(next(&again).await.sequence(), 4);
    let names = log.subscriptions().await.unwrap();
    assert_eq!(names.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_restart_gives_out_what_was_open_with_its_attempts_and_nothing_that_was_settled() {
    let kept = Memory::default();
    let before = log(&kept);
    let subscription = open(&before).await;
    before
        .publish_all(["a", "b", "c", "d"].map(order))
        .await
        .unwrap();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(next(&subscription).await);
    }
    held.remove(1).ack().await.unwrap();
    crash(held);
    crash(subscription);
    let after = log(&kept);
    let subscription = open(&after).await;
    let mut given = Vec::new();
    for _ in 0..3 {
        let delivery = next(&subscription).await;
        given.push(told(&delivery));
        delivery.ack().await.unwrap();
    }
    // The fourth lay ready for whoever had acknowledged the second.
    assert_eq!(given, [(1, 2), (3, 2), (4, 2)]);
    assert_eq!(subscription.low_water_mark(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_ends_its_process_each_time_runs_out_of_attempts() {
    let kept = Memory::default();
    log(&kept).publish(order("poison")).await.unwrap();
    for attempt in 1..=3 {
        let subscription = open(&log(&kept)).await;
        let delivery = next(&subscription).await;
        assert_eq!(delivery.attempt(), attempt);
        crash((delivery, subscription));
    }
    let log = log(&kept);
    assert!(is_quiet(&open(&log).await).await);
    let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
    assert_eq!(dead.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_open_once_and_its_clones_share_what_comes() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    let busy = log.subscribe("billing", orders()).open().await.unwrap_err();
    assert_eq!(busy.kind(), LogErrorKind::Busy);
    assert_eq!(
        log.unsubscribe("billing").await.unwrap_err().kind(),
        LogErrorKind::Busy
    );
    log.publish_all([order("a"), order("b")]).await.unwrap();
    let clone = subscription.clone();
    let (first, second) = tokio::join!(next(&subscription), next(&clone));
    assert_ne!(first.sequence(), second.sequence());
    drop((subscription, clone, first));
    let busy = log.subscribe("billing", orders()).open().await.unwrap_err();
    assert_eq!(busy.kind(), LogErrorKind::Busy, "a delivery is still there");
    drop(second);
    drop(open(&log).await);
    log.unsubscribe("billing").await.unwrap();
    assert!(log.subscriptions().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whoever_hangs_panics_fails_or_is_slow_changes_nothing_for_others() {
    let log = log(&Memory::default());
    let bad = open(&log).await;
    let good = log.subscribe("good", orders()).open().await.unwrap();
    let (sender, mut seen) = unbounded_channel();
    let handler = move |order: Recorded| {
        sender.send(order.sequence()).unwrap();
        async move {
            match order.subject() {
                Some("hangs") => pending().await,
                Some("panics") => panic!("as it should"),
                Some("fails") => Err(std::io::Error::other("no")),
                _ => Ok(()),
            }
        }
    };
    let subjects = ["hangs", "panics", "fails", "fine"];
    let publish = async {
        log.publish_all(subjects.map(order)).await.unwrap();
        let begun = Instant::now();
        for sequence in 1..=4 {
            let delivery = next(&good).await;
            assert_eq!(delivery.sequence(), sequence);
            delivery.ack().await.unwrap();
        }
        assert_eq!(begun.elapsed(), Duration::ZERO, "nobody was waited for");
        tokio::time::sleep(SECOND * 120).await;
    };
    tokio::select! {
        failed = bad.each(4, handler) => failed.unwrap(),
        () = publish => {}
    }
    let mut counts = [0; 5];
    while let Ok(sequence) = seen.try_recv() {
        counts[usize::try_from(sequence).unwrap()] += 1;
    }
    assert_eq!(counts, [0, 3, 3, 3, 1]);
    let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
    let mut reasons: Vec<&str> = dead.iter().map(|it| it.reason.as_str()).collect();
    assert!(reasons.remove(0).starts_with("it"), "{dead:?}");
    assert_eq!(reasons, ["its handler panicked", "no"]);
    assert_eq!(bad.low_water_mark(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_settled_is_not_pruned() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    log.publish_all(["a", "b", "c", "d"].map(order))
        .await
        .unwrap();
    let first = next(&subscription).await;
    next(&subscription).await.ack().await.unwrap();
    let now = enact_signal_core::Timestamp::now();
    assert_eq!(log.prune(now.clone(), 9).await.unwrap(), 0);
    first.ack().await.unwrap();
    assert_eq!(log.prune(now, 9).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_before_there_is_a_future_costs_one_signal() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    for subject in ["1", "2"] {
        log.publish(order(subject)).await.unwrap();
    }
    let handle = |order: Recorded| {
        assert_eq!(order.subject(), Some("2"), "only twos");
        async { Ok::<_, LogError>(()) }
    };
    tokio::select! {
        failed = subscription.each(4, handle) => failed.unwrap(),
        () = tokio::time::sleep(SECOND * 600) => {}
    }
    let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
    let dead: Vec<_> = dead.iter().map(|it| (it.sequence, &*it.reason)).collect();
    assert_eq!(dead, [(1, "its handler panicked")]);
    assert_eq!(subscription.low_water_mark(), 2);
}

#[tokio::test(start_paused = true)]
async fn settings_at_their_ends_are_settings() {
    let log = log(&Memory::default());
    let subscribe = log.subscribe("billing", orders()).max_in_flight(usize::MAX);
    let subscription = subscribe.ack_deadline(Duration::ZERO).open().await.unwrap();
    log.publish(order("1")).await.unwrap();
    next(&subscription).await.ack().await.unwrap();
    assert_eq!(subscription.low_water_mark(), 1);
    let dead = log.dead_letters("billing");
    assert_eq!(dead.redrive([0, 1, u64::MAX]).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_a_dead_letter_that_nobody_had() {
    let kept = Memory::default();
    let open = async |log: &Log| {
        let subscribe = log.subscribe("billing", orders());
        let subscribe = subscribe.attempts(1, SECOND, SECOND);
        let subscribe = subscribe.start_from(StartFrom::Origin);
        subscribe.open().await.unwrap()
    };
    let before = log(&kept);
    let subscription = open(&before).await;
    before.publish_all(["a", "b"].map(order)).await.unwrap();
    next(&subscription).await.ack().await.unwrap();
    // The process ends before anybody asks for the second.
    crash(subscription);
    let after = log(&kept);
    let subscription = open(&after).await;
    let delivery = next(&subscription).await;
    assert_eq!(told(&delivery), (2, 1));
    delivery.ack().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_settled_before_it_was_taken_keeps_nobody_waiting() {
    let log = log(&Memory::default());
    let subscription = open(&log).await;
    log.publish_all(["a", "b", "c", "d"].map(order))
        .await
        .unwrap();
    let (a, b) = (next(&subscription).await, next(&subscription).await);
    let (c, d) = (next(&subscription).await, next(&subscription).await);
    b.nack("no").await.unwrap();
    let b = next(&subscription).await;
    assert_eq!(told(&b), (2, 2));
    b.nack("no").await.unwrap();
    // The first passes its deadline, and lies ready for whoever has acknowledged others; but then it is settled late.
    tokio::time::advance(SECOND * 11).await;
    d.ack().await.unwrap();
    tokio::time::advance(SECOND * 2).await;
    c.ack().await.unwrap();
    a.ack().await.unwrap();
    let b = tokio::time::timeout(SECOND, subscription.next()).await;
    assert_eq!(told(&b.unwrap().unwrap()), (2, 3));
}
