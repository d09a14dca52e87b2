//! Subscriptions that are let go of and opened again while the disk is at something.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use enact_signal_bus::log::{Entry, Log, Memory, Reader, Settings, StartFrom, Store, StoreError};
use enact_signal_bus::persistent::PersistentSubscription;
use tokio::time::timeout;

use crate::place::{order, orders};

/// A store with a thread that writes to it, and commits while nobody holds its gate.
struct Gated {
    store: Memory,
    gate: Arc<Mutex<()>>,
}

impl Store for Gated {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let _open = self.gate.lock().unwrap();
        self.store.commit(batch)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

/// A log with one order, and the gate of its store.
async fn log() -> (Log, Arc<Mutex<()>>) {
    let gate = Arc::<Mutex<()>>::default();
    let store = Gated {
        store: Memory::default(),
        gate: Arc::clone(&gate),
    };
    let log = Log::over(store, Settings::default()).unwrap();
    log.publish(order("1")).await.unwrap();
    (log, gate)
}

async fn open(log: &Log, attempts: u32) -> PersistentSubscription {
    let hour = Duration::from_hours(1);
    let subscribe = log.subscribe("billing", orders());
    let subscribe = subscribe.start_from(StartFrom::Origin);
    subscribe
        .attempts(attempts, hour, hour)
        .open()
        .await
        .unwrap()
}

#[tokio::test]
async fn who_opens_a_subscription_at_once_again_finds_what_was_said_of_it_before() {
    let (log, gate) = log().await;
    let billing = open(&log, 3).await;
    let delivery = billing.next().await.unwrap();
    let opening = {
        let _busy = gate.lock().unwrap();
        // What is said of it waits behind what the disk is at.
        drop((delivery, billing));
        let mut opening = Box::pin(open(&log, 3));
        let mut task = Context::from_waker(Waker::noop());
        assert!(opening.as_mut().poll(&mut task).is_pending());
        opening
    };
    let billing = opening.await;
    // It was let go of, and comes again in an hour.
    let comes = timeout(Duration::from_millis(100), billing.next()).await;
    assert!(comes.is_err(), "{comes:?}");
    assert_eq!(billing.figures().lag, 1);
}

#[tokio::test]
async fn what_was_being_given_out_when_a_subscription_was_let_go_of_was_no_attempt() {
    let (log, gate) = log().await;
    let billing = open(&log, 1).await;
    // It is found and given out, which is not durable yet, so nobody has it.
    let mut asking = Box::pin(billing.next());
    poll_fn(|task| {
        let _busy = gate.lock().unwrap();
        assert!(asking.as_mut().poll(task).is_pending());
        match billing.in_flight() {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
    drop(asking);
    drop(billing);
    let billing = open(&log, 1).await;
    let delivery = billing.next().await.unwrap();
    assert_eq!((delivery.sequence(), delivery.attempt()), (1, 1));
}
