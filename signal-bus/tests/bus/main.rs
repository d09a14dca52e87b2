//! The bus in memory: who gets what, in which order, and what happens where there is no room.

mod handlers;
mod limits;
mod middlewares;
mod sinks;
mod waiting;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use enact_signal_bus::{Bus, Overflow, PublishErrorKind, Subscription};
use enact_signal_core::{Envelope, Pattern, SignalError};

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).expect("the pattern of a test is one")
}

fn envelope(ty: &str, subject: u32) -> Envelope {
    let envelope = Envelope::builder(ty, "/tests")
        .subject(subject.to_string())
        .build();
    envelope.expect("the envelope of a test is well")
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The answer of a future that has it at once.
#[track_caller]
fn now<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("it waits"),
    }
}

#[track_caller]
fn publish(bus: &Bus, ty: &str, subjects: impl IntoIterator<Item = u32>) {
    for subject in subjects {
        now(bus.publish(envelope(ty, subject))).expect("there is room");
    }
}

/// The subjects of what waits.
fn taken(subscription: &mut Subscription) -> Vec<u32> {
    let mut subjects = Vec::new();
    while subscription.waiting() > 0 {
        let delivery = now(subscription.next()).expect("something waits");
        let subject = delivery.subject().and_then(|subject| subject.parse().ok());
        subjects.push(subject.expect("each has a subject"));
    }
    subjects
}

#[test]
fn each_subscriber_gets_each_signal_once_and_in_order() {
    let bus = Bus::new();
    let mut all = ["a.*", "a.**", "**", "a.b"].map(|text| bus.subscribe(pattern(text)).open());
    let mut other = bus.subscribe(pattern("b.**")).open();
    publish(&bus, "a.b", 0..5);
    for subscription in &mut all {
        assert_eq!(taken(subscription), [0, 1, 2, 3, 4]);
    }
    assert!(taken(&mut other).is_empty());
}

#[test]
fn sequence_numbers_count_what_was_published() {
    let bus = Bus::new();
    let mut subscription = bus.subscribe(pattern("a")).open();
    publish(&bus, "b", 0..3);
    let published = now(bus.publish_all([envelope("a", 7), envelope("b", 8)]));
    let published = published.expect("there is room");
    assert!(
        published
            .iter()
            .map(enact_signal_bus::Delivery::sequence)
            .eq([4, 5])
    );
    assert_eq!(now(subscription.next()).map(|one| one.sequence()), Some(4));
    assert!(now(bus.publish_all(Vec::<Envelope>::new())).is_ok_and(|none| none.is_empty()));
}

/// What can be sealed or not, as it says.
enum Draft {
    Well,
    Broken,
}

impl enact_signal_core::Seal for Draft {
    fn seal(self) -> Result<Envelope, SignalError> {
        match self {
            Self::Well => Ok(envelope("a", 0)),
            Self::Broken => Envelope::builder("a..b", "/tests").build(),
        }
    }
}

#[test]
fn a_batch_with_one_broken_signal_is_not_published() {
    let bus = Bus::new();
    let subscription = bus.subscribe(pattern("**")).open();
    let refused = now(bus.publish_all([Draft::Well, Draft::Broken, Draft::Well]));
    let error = refused.expect_err("one is broken");
    assert_eq!(error.kind(), PublishErrorKind::Signal);
    assert!(
        error.to_string().contains("signal 1 could not be sealed"),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(subscription.waiting(), 0);
}

#[test]
fn the_oldest_or_the_newest_is_dropped_and_counted() {
    let bus = Bus::new();
    let open = |overflow| bus.subscribe(pattern("a")).queue(3, overflow).open();
    let (mut latest, mut first) = (open(Overflow::DropOldest), open(Overflow::DropNewest));
    publish(&bus, "a", 0..5);
    assert_eq!((taken(&mut latest), latest.lost()), (vec![2, 3, 4], 2));
    assert_eq!((taken(&mut first), first.lost()), (vec![0, 1, 2], 2));
    publish(&bus, "a", 5..7);
    assert_eq!(
        (taken(&mut latest), taken(&mut first)),
        (vec![5, 6], vec![5, 6])
    );
}

#[test]
fn a_queue_that_refuses_keeps_all_others_from_getting_anything() {
    let bus = Bus::new();
    let open = |overflow| bus.subscribe(pattern("a")).queue(2, overflow).open();
    let mut others = [open(Overflow::DropOldest), open(Overflow::Wait)];
    let mut strict = open(Overflow::Refuse);
    publish(&bus, "a", [1]);
    let error = now(bus.publish_all([envelope("a", 2), envelope("a", 3)])).expect_err("one fits");
    assert_eq!(
        (error.kind(), error.kind().code()),
        (PublishErrorKind::Full, "bus.full")
    );
    assert!(error.to_string().contains("`a` has no room"), "{error}");
    for other in &mut others {
        assert_eq!((taken(other), other.lost()), (vec![1], 0));
    }
    assert_eq!(taken(&mut strict), [1]);
    // What had been promised was given back.
    publish(&bus, "a", [4, 5]);
    assert_eq!(
        (taken(&mut strict), taken(&mut others[1])),
        (vec![4, 5], vec![4, 5])
    );
}

#[test]
fn publishing_waits_for_room_where_the_queue_says_so() {
    let bus = Bus::new();
    let mut slow = bus.subscribe(pattern("a")).queue(1, Overflow::Wait).open();
    let mut other = bus.subscribe(pattern("a")).open();
    publish(&bus, "a", [1]);
    let mut second = pin!(bus.publish(envelope("a", 2)));
    assert!(poll(second.as_mut()).is_pending());
    assert_eq!(taken(&mut other), [1], "nobody has what is not published");
    assert_eq!(taken(&mut slow), [1]);
    assert!(matches!(poll(second.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!((taken(&mut slow), taken(&mut other)), (vec![2], vec![2]));
}

#[test]
fn a_publisher_that_gives_up_leaves_nothing_behind() {
    let bus = Bus::new();
    let mut first = bus.subscribe(pattern("a")).queue(1, Overflow::Wait).open();
    let mut second = bus.subscribe(pattern("**")).queue(1, Overflow::Wait).open();
    publish(&bus, "b", [1]);
    {
        // It has the promise of the first, and waits for that of the second.
        let mut waiting = pin!(bus.publish(envelope("a", 2)));
        assert!(poll(waiting.as_mut()).is_pending());
    }
    assert_eq!((taken(&mut first), taken(&mut second)), (vec![], vec![1]));
    publish(&bus, "a", [3]);
    assert_eq!((taken(&mut first), taken(&mut second)), (vec![3], vec![3]));
}

#[test]
fn a_batch_that_can_never_fit_is_refused() {
    let bus = Bus::new();
    let subscription = bus.subscribe(pattern("a")).queue(2, Overflow::Wait).open();
    let batch = [1, 2, 3].map(|subject| envelope("a", subject));
    let error = now(bus.publish_all(batch)).expect_err("two fit");
    assert_eq!(
        (error.kind(), subscription.waiting()),
        (PublishErrorKind::Full, 0)
    );
}

#[test]
fn a_subscription_that_is_dropped_holds_nobody_up() {
    let bus = Bus::new();
    let gone = bus.subscribe(pattern("a")).queue(1, Overflow::Wait).open();
    publish(&bus, "a", [1]);
    let mut waiting = pin!(bus.publish(envelope("a", 2)));
    assert!(poll(waiting.as_mut()).is_pending());
    drop(gone);
    assert!(matches!(poll(waiting.as_mut()), Poll::Ready(Ok(_))));
    assert!(format!("{bus:?}").contains("subscriptions: 0"), "{bus:?}");
}

#[test]
fn subscriptions_end_when_the_bus_closes_and_what_waits_was_taken() {
    for close in [Bus::close, |_: &Bus| ()] {
        let bus = Bus::new();
        let mut subscription = bus.subscribe(pattern("a")).open();
        publish(&bus, "a", [1]);
        let copy = bus.clone();
        close(&bus);
        drop(bus);
        let refused = now(copy.publish(envelope("a", 2))).map_err(|error| error.kind());
        drop(copy);
        let last = match refused {
            Err(kind) => {
                assert_eq!(kind, PublishErrorKind::Closed);
                vec![1]
            }
            Ok(_) => vec![1, 2],
        };
        assert_eq!(taken(&mut subscription), last);
        assert!(now(subscription.next()).is_none());
    }
}

/// Four threads publish to subscribers of few places: nobody waits for ever, nothing is lost, and
/// all see one order.
#[test]
fn all_subscribers_see_one_order() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build();
    let runtime = || runtime().expect("it needs nothing");
    let bus = Bus::new();
    let open = |()| {
        bus.subscribe(pattern("a.**"))
            .queue(2, Overflow::Wait)
            .open()
    };
    let subscriptions = [(); 3].map(open);
    let (publishers, each) = (4, 200);
    std::thread::scope(|scope| {
        let readers = subscriptions.map(|mut subscription| {
            scope.spawn(move || {
                let mut seen = Vec::new();
                runtime().block_on(async {
                    while let Some(delivery) = subscription.next().await {
                        seen.push((delivery.sequence(), delivery.id().to_owned()));
                    }
                });
                (seen, subscription.lost())
            })
        });
        let writers = [(); 4].map(|()| {
            let bus = bus.clone();
            scope.spawn(move || {
                runtime().block_on(async {
                    for subject in 0..each {
                        let published = bus.publish(envelope("a.b", subject)).await;
                        assert!(published.is_ok(), "{published:?}");
                    }
                });
            })
        });
        for writer in writers {
            writer.join().expect("the writer published all");
        }
        bus.close();
        let seen = readers.map(|reader| reader.join().expect("the reader took all"));
        assert_eq!(seen[0].0.len(), publishers * each as usize);
        assert!(seen[0].0.is_sorted() && seen[0].1 == 0);
        assert!(seen[1] == seen[0] && seen[2] == seen[0]);
    });
}
