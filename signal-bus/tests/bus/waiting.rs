//! Publishers that wait for room: what they hold meanwhile, which is nothing, and who gets it then.

use std::pin::pin;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use enact_signal_bus::{Bus, Delivery, Overflow, Rate, Subscription, priority};
use enact_signal_core::{Envelope, Signal};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::{envelope, now, pattern, poll, publish, taken};

const SECOND: Duration = Duration::from_secs(1);

fn is_not(ty: &'static str) -> impl Fn(&Envelope) -> bool {
    move |envelope| envelope.ty().as_str() != ty
}

/// A publisher waits for the second of two queues, whose handler publishes to the first.
#[tokio::test(start_paused = true)]
async fn whoever_waits_for_a_queue_holds_no_room_that_its_handler_needs() {
    let bus = Bus::new();
    let first = bus.subscribe(pattern("**")).when(is_not("b"));
    let mut first = first.queue(1, Overflow::Wait).open();
    let (gate, publisher) = (Arc::new(Semaphore::new(0)), bus.clone());
    let opens = Arc::clone(&gate);
    let second = bus.subscribe(pattern("**")).when(is_not("t"));
    let second = second
        .queue(1, Overflow::Wait)
        .handle(move |delivery: Delivery| {
            let (gate, bus) = (Arc::clone(&gate), publisher.clone());
            async move {
                if delivery.subject() == Some("1") {
                    gate.acquire().await.expect("it is open").forget();
                    bus.publish(envelope("t", 7)).await.expect("there is room");
                }
            }
        });
    for subject in [1, 2] {
        publish(&bus, "b", [subject]);
        tokio::task::yield_now().await;
    }
    assert_eq!((second.figures().taken, second.waiting()), (1, 1));
    let mut both = pin!(bus.publish(envelope("x", 9)));
    assert!(poll(both.as_mut()).is_pending());
    opens.add_permits(1);
    let got = async |first: &mut Subscription| {
        let got = timeout(SECOND, first.next()).await.ok().flatten();
        got.map(|delivery| delivery.ty().to_string())
    };
    assert_eq!(got(&mut first).await.as_deref(), Some("t"));
    both.await.expect("there is room");
    assert_eq!(got(&mut first).await.as_deref(), Some("x"));
    assert_eq!(second.finish().await.handled, 3);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_has_nobody_else_refused() {
    let bus = Bus::builder()
        .rate_per_source(Rate::new(3, 10 * SECOND))
        .build();
    let strict = bus.subscribe(pattern("a.*")).rate(Rate::new(1, SECOND));
    let mut strict = strict.queue(1, Overflow::Refuse).open();
    let mut hangs = bus
        .subscribe(pattern("*.b"))
        .queue(1, Overflow::Wait)
        .open();
    publish(&bus, "b.b", [1]);
    let mut both = pin!(bus.publish(envelope("a.b", 2)));
    assert!(poll(both.as_mut()).is_pending());
    publish(&bus, "a.c", [3]);
    assert_eq!(taken(&mut strict), [3]);
    assert_eq!(taken(&mut hangs), [1]);
    // It is asked again, and not let pass for what it once was promised.
    let refused = both.await.expect_err("the rate was used by the other");
    assert!(refused.retry_after().is_some(), "{refused}");
    tokio::time::advance(SECOND).await;
    publish(&bus, "a.b", [4]);
    assert_eq!((taken(&mut strict), taken(&mut hangs)), (vec![4], vec![4]));
}

#[test]
fn whoever_subscribes_while_a_publisher_waits_gets_what_it_publishes() {
    let bus = Bus::new();
    let mut full = bus.subscribe(pattern("a")).queue(1, Overflow::Wait).open();
    publish(&bus, "a", [1]);
    let mut waits = pin!(bus.publish(envelope("a", 2)));
    assert!(poll(waits.as_mut()).is_pending());
    let mut late = bus.subscribe(pattern("a")).open();
    assert_eq!(taken(&mut full), [1]);
    assert!(matches!(poll(waits.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!((taken(&mut full), taken(&mut late)), (vec![2], vec![2]));
}

#[test]
fn whoever_subscribes_while_a_batch_is_routed_gets_all_of_it_or_nothing() {
    let bus = Bus::new();
    let late: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let (opens, again) = (Arc::clone(&late), bus.clone());
    let opens = bus.subscribe(pattern("**")).when(move |_| {
        let mut late = opens.lock().expect("nobody panics");
        late.get_or_insert_with(|| again.subscribe(pattern("**")).open());
        true
    });
    let _opens = opens.open();
    now(bus.publish_all([envelope("a", 1), envelope("a", 2)])).expect("there is room");
    let mut late = late.lock().expect("nobody panics").take();
    let mut late = late.take().expect("it was opened");
    assert!(taken(&mut late).is_empty());
    publish(&bus, "a", [3]);
    assert_eq!(taken(&mut late), [3]);
}

#[tokio::test(start_paused = true)]
async fn of_a_batch_too_the_higher_priority_is_told_first() {
    let bus = Bus::new();
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let sees = |name: &'static str| {
        let seen = Arc::clone(&seen);
        move |delivery: Delivery| {
            let mut seen = seen.lock().expect("nobody panics");
            seen.push(format!("{name} {}", delivery.ty()));
            std::future::ready(())
        }
    };
    let low = bus.subscribe(pattern("*")).handle(sees("low"));
    let high = bus.subscribe(pattern("y")).at(priority(100));
    let high = high.handle(sees("high"));
    tokio::task::yield_now().await;
    let batch = [envelope("x", 1), envelope("y", 2)];
    bus.publish_all(batch).await.expect("there is room");
    low.finish().await;
    high.finish().await;
    let seen = seen.lock().expect("nobody panics");
    assert_eq!(*seen, ["high y", "low x", "low y"]);
}

/// What asks the bus for its figures when it is dropped.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Asks {
    #[serde(skip)]
    bus: Option<Bus>,
}

impl Signal for Asks {
    const TYPE: &'static str = "asks";
}

impl Drop for Asks {
    fn drop(&mut self) {
        if let Some(bus) = &self.bus {
            bus.figures();
        }
    }
}

impl Wake for Asks {
    fn wake(self: Arc<Self>) {
        drop(self);
    }
}

#[test]
fn what_makes_room_is_dropped_and_who_waits_is_woken_outside_of_locks() {
    let bus = Bus::new();
    let stream = bus.subscribe(pattern("**")).queue(1, Overflow::DropOldest);
    let mut stream = stream.open();
    let (done, is_done) = mpsc::channel();
    let asks = Asks {
        bus: Some(bus.clone()),
    };
    std::thread::spawn(move || {
        let waker = Waker::from(Arc::new(asks.clone()));
        let waits = |stream: &mut Subscription| {
            let next = pin!(stream.next());
            next.poll(&mut Context::from_waker(&waker)).is_pending()
        };
        assert!(waits(&mut stream));
        for _ in 0..3 {
            now(bus.publish(asks.clone())).expect("there is room");
        }
        assert!(!waits(&mut stream) && waits(&mut stream));
        bus.close();
        done.send(stream.lost())
    });
    let lost = is_done.recv_timeout(Duration::from_secs(10));
    assert_eq!(lost, Ok(2), "a lock was held");
}

/// Six publishers, whose signals go to one, two or all of four queues of one place each.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn publishers_of_queues_that_overlap_all_come_through() {
    let bus = Bus::new();
    let handled = ["a.*", "*.b", "**", "c.d"].map(|text| {
        let subscribe = bus.subscribe(pattern(text)).queue(1, Overflow::Wait);
        subscribe.handle(async |_| tokio::task::yield_now().await)
    });
    let mut publishers = tokio::task::JoinSet::new();
    for ty in ["a.b", "a.c", "c.b", "c.d", "e", "a.b"] {
        let bus = bus.clone();
        publishers.spawn(async move {
            for subject in 0..500 {
                let published = bus.publish(envelope(ty, subject)).await;
                assert!(published.is_ok(), "{published:?}");
            }
        });
    }
    let all = timeout(60 * SECOND, publishers.join_all()).await;
    assert!(all.is_ok(), "somebody waits for ever");
    let mut counts = Vec::new();
    for handling in handled {
        let figures = handling.finish().await;
        counts.push((figures.handled, figures.lost));
    }
    assert_eq!(counts, [(1500, 0), (1500, 0), (3000, 0), (500, 0)]);
}
