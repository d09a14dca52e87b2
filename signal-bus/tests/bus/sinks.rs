//! What is handed to a sink is not lost for want of room.

use std::sync::Mutex;

use enact_signal_bus::{Bus, Overflow, PublishErrorKind};
use enact_signal_core::{BoxFuture, Envelope, Failure, SignalType, Sink};
use tokio::sync::Semaphore;

use crate::{envelope, pattern};

/// A sink that takes as much as it is let.
#[derive(Debug)]
struct Slow {
    gate: Semaphore,
    taken: Mutex<Vec<String>>,
}

impl Slow {
    fn shut() -> std::sync::Arc<Self> {
        let (gate, taken) = (Semaphore::new(0), Mutex::default());
        std::sync::Arc::new(Self { gate, taken })
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().expect("nobody panicked").clone()
    }
}

impl Sink for Slow {
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            self.gate.acquire().await?.forget();
            let subject = envelope.subject().unwrap_or_default().to_owned();
            self.taken.lock().expect("nobody panicked").push(subject);
            Ok(())
        })
    }
}

/// By default there is room for 1,024 signals; many more come before the sink takes the first.
#[tokio::test]
async fn a_slow_sink_gets_all_that_was_published_and_nothing_else_was() {
    let (bus, slow) = (Bus::new(), Slow::shut());
    let keeping = bus.subscribe(pattern("a")).to(std::sync::Arc::clone(&slow));
    let (mut acknowledged, mut full) = (Vec::new(), 0_u64);
    for subject in 0..3000 {
        match bus.publish(envelope("a", subject)).await {
            Ok(_) => acknowledged.push(subject.to_string()),
            Err(error) => {
                assert_eq!(error.kind(), PublishErrorKind::Full);
                full += 1;
            }
        }
    }
    assert!(full > 0 && acknowledged.len() >= 1024);
    assert_eq!(bus.figures().full, full);
    slow.gate.add_permits(3000);
    let figures = keeping.finish().await;
    assert_eq!(
        (figures.lost, figures.handled),
        (0, acknowledged.len() as u64)
    );
    assert_eq!(slow.taken(), acknowledged);
}

#[tokio::test]
async fn a_sink_of_lanes_gets_all_that_was_published_in_order_per_key() {
    let (bus, slow) = (Bus::new(), Slow::shut());
    let lanes = bus.subscribe(pattern("a")).lanes(4);
    let lanes = lanes.by(|it| it.subject().and_then(|subject| subject.chars().last()));
    let keeping = lanes.to(std::sync::Arc::clone(&slow));
    let (mut acknowledged, mut full) = (Vec::new(), 0_u64);
    for subject in 0..12_000 {
        match bus.publish(envelope("a", subject)).await {
            Ok(_) => acknowledged.push(subject.to_string()),
            Err(error) => {
                assert_eq!(error.kind(), PublishErrorKind::Full);
                full += 1;
            }
        }
    }
    assert!(full > 0 && acknowledged.len() >= 1024);
    slow.gate.add_permits(12_000);
    let figures = keeping.finish().await;
    assert_eq!(
        (figures.lost, figures.handled),
        (0, acknowledged.len() as u64)
    );
    let of_key = |all: &[String], key| -> Vec<String> {
        let of_key = all.iter().filter(|subject| subject.ends_with(key));
        of_key.cloned().collect()
    };
    for key in '0'..='9' {
        assert_eq!(of_key(&slow.taken(), key), of_key(&acknowledged, key));
    }
}

#[tokio::test]
async fn a_queue_that_was_asked_for_is_what_a_sink_has() {
    let (bus, slow) = (Bus::new(), Slow::shut());
    let some = bus.subscribe(pattern("a")).queue(2, Overflow::DropOldest);
    let keeping = some.to(std::sync::Arc::clone(&slow));
    for subject in 0..5 {
        bus.publish(envelope("a", subject))
            .await
            .expect("the oldest makes room");
    }
    slow.gate.add_permits(5);
    assert_eq!(keeping.finish().await.lost, 3);
    assert_eq!(slow.taken(), ["3", "4"]);
}

#[tokio::test]
async fn handlers_and_streams_leave_out_the_oldest_by_default() {
    let bus = Bus::new();
    let stream = bus.subscribe(pattern("a")).open();
    let handler = bus.subscribe(pattern("a")).handle(async |_| ());
    for subject in 0..1030 {
        bus.publish(envelope("a", subject))
            .await
            .expect("the oldest makes room");
    }
    assert_eq!((stream.lost(), handler.figures().lost), (6, 6));
}

#[test]
fn a_bus_explains_which_of_its_subscriptions_a_type_goes_to() {
    let bus = Bus::new();
    let _all = bus.subscribe(pattern("order.**")).open();
    let _other = bus.subscribe(pattern("order.*.paid")).open();
    let created = SignalType::new("order.created").expect("it is one");
    let explanation = bus.explain(&created);
    assert_eq!(
        (explanation.matching().len(), explanation.others().len()),
        (1, 1)
    );
    assert_eq!(
        explanation.to_string(),
        "order.created goes to 1 of 2 routes\n\
         1. #1 `order.**` (priority 0)\n\
         -  #2 `order.*.paid` (priority 0): the type is over before `paid`\n",
    );
}
