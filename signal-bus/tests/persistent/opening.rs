//! Subscriptions that are let go of and opened again while the disk is at something.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use enact_signal_bus::log::{Entry, Log, Memory, Reader, Settings, StartFrom, Store, StoreError};
use enact_signal_bus::persistent::PersistentSubscription;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::place::{order, orders};

/// How long nothing is waited for.
const SHORT: Duration = Duration::from_millis(100);

/// A store with a thread that writes to it, and commits while nobody holds its gate.
struct Gated {
    store: Memory,
    gate: Arc<Mutex<()>>,
}

impl Store for Gated {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let _open = self.gate.blocking_lock();
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
    let busy = gate.lock().await;
    // What is said of it waits behind what the disk is at, and so does whoever asks what that was.
    drop((delivery, billing));
    let mut opening = Box::pin(open(&log, 3));
    assert!(timeout(SHORT, &mut opening).await.is_err());
    drop(busy);
    let billing = opening.await;
    // It was let go of, and comes again in an hour.
    let comes = timeout(SHORT, billing.next()).await;
    assert!(comes.is_err(), "{comes:?}");
    assert_eq!(billing.figures().lag, 1);
}

#[tokio::test]
async fn what_was_being_given_out_when_a_subscription_was_let_go_of_was_no_attempt() {
    let (log, gate) = log().await;
    let billing = open(&log, 1).await;
    // It is found and given out, which is not durable yet, so nobody has it.
    let busy = gate.lock().await;
    let mut asking = Box::pin(billing.next());
    poll_fn(|task| {
        assert!(asking.as_mut().poll(task).is_pending());
        match billing.in_flight() {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
    drop(asking);
    drop(billing);
    drop(busy);
    let billing = open(&log, 1).await;
    let delivery = billing.next().await.unwrap();
    assert_eq!((delivery.sequence(), delivery.attempt()), (1, 1));
}
