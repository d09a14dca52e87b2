//! The outbox: written with what it tells of, delivered afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use enact_signal_bus::dispatch::local::{Channel, Handler};
use enact_signal_bus::dispatch::outbox::{Outbox, OutboxTarget, Relay};
use enact_signal_bus::dispatch::{DispatchError, Kind, Layers, Target};
use enact_signal_core::Envelope;
use rusqlite::Connection;

use crate::world::signal;

/// A database that lasts as long as the test, and can be opened again.
struct Place(std::path::PathBuf);

impl Place {
    fn new() -> Self {
        let name = format!("enact-outbox-{}.db", enact_signal_core::id());
        Self(std::env::temp_dir().join(name))
    }

    fn open(&self) -> Connection {
        Connection::open(&self.0).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

fn outbox(database: &Connection) -> Outbox {
    let outbox = Outbox::new("outbox").unwrap();
    outbox.create(database).unwrap();
    outbox
}

#[tokio::test]
async fn a_signal_is_there_with_what_it_tells_of_or_not_at_all() {
    let place = Place::new();
    let mut database = place.open();
    let outbox = outbox(&database);
    let transaction = database.transaction().unwrap();
    outbox.put(&transaction, &signal("1")).unwrap();
    transaction.rollback().unwrap();
    assert_eq!(outbox.left(&database).unwrap(), 0);

    let transaction = database.transaction().unwrap();
    outbox.put(&transaction, &signal("2")).unwrap();
    transaction.commit().unwrap();
    // Opened again, as after a crash.
    drop(database);
    let (channel, mut arrived) = Channel::bounded("shipping", 4);
    let relay = Relay::new(outbox.clone(), place.open(), channel);
    assert_eq!(relay.drain().await.unwrap().delivered, 1);
    assert_eq!(arrived.recv().await.unwrap(), signal("2"));
    assert_eq!(outbox.left(&place.open()).unwrap(), 0);
}

#[tokio::test]
async fn a_signal_that_is_put_twice_is_there_once() {
    let database = Connection::open_in_memory().unwrap();
    let outbox = outbox(&database);
    outbox.put(&database, &signal("1")).unwrap();
    outbox.put(&database, &signal("1")).unwrap();
    assert_eq!(outbox.left(&database).unwrap(), 1);
}

/// Refuses every third one for good, and fails once on the way.
fn fussy(heard: Arc<std::sync::Mutex<Vec<String>>>, fail_at: usize) -> Handler {
    let calls = AtomicUsize::new(0);
    Handler::new("fussy", move |signal: Envelope| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        let heard = Arc::clone(&heard);
        async move {
            let number: usize = signal.id().parse().unwrap();
            let fails = |kind| Err(DispatchError::new(kind, "fussy", "told to"));
            if call == fail_at {
                return fails(Kind::Failed);
            }
            if number.is_multiple_of(3) {
                return fails(Kind::Refused);
            }
            heard.lock().unwrap().push(signal.id().to_owned());
            Ok(())
        }
    })
}

#[tokio::test]
async fn failures_are_delivered_later_and_refusals_stay_with_their_reason() {
    let place = Place::new();
    let database = place.open();
    let outbox = outbox(&database);
    for id in 0..250 {
        outbox.put(&database, &signal(&id.to_string())).unwrap();
    }
    let heard = Arc::default();
    let relay = Relay::new(outbox.clone(), place.open(), fussy(Arc::clone(&heard), 10));
    let first = relay.drain().await.unwrap();
    // Its batch is gone through, and nothing behind it.
    assert_eq!((first.delivered, first.refused), (65, 34));
    assert_eq!(first.failure.unwrap().kind(), Kind::Failed);
    assert_eq!(outbox.left(&database).unwrap(), 151);

    let second = relay.drain().await.unwrap();
    assert!(second.failure.is_none());
    assert_eq!(outbox.left(&database).unwrap(), 0);
    assert_eq!(outbox.refused(&database).unwrap(), 84);
    let sql = "SELECT DISTINCT refused FROM outbox";
    let reason: String = database.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(reason, "could not deliver to `fussy`: told to");

    let mut numbers: Vec<usize> = heard
        .lock()
        .unwrap()
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    numbers.sort_unstable();
    let expected: Vec<usize> = (0..250).filter(|number| number % 3 != 0).collect();
    assert_eq!(numbers, expected, "each once");

    assert_eq!(outbox.redrive(&database).unwrap(), 84);
    assert_eq!(outbox.left(&database).unwrap(), 84);
}

#[tokio::test]
async fn what_is_wrong_with_the_target_refuses_no_signal() {
    let place = Place::new();
    let database = place.open();
    let outbox = outbox(&database);
    for id in 0..150 {
        outbox.put(&database, &signal(&id.to_string())).unwrap();
    }
    for kind in [Kind::Misconfigured, Kind::Forbidden, Kind::Gone] {
        let wrong = Handler::new("wrong", move |_: Envelope| async move {
            Err(DispatchError::new(
                kind,
                "wrong",
                "its credentials do not hold",
            ))
        });
        let relay = Relay::new(outbox.clone(), place.open(), wrong);
        let drained = relay.drain().await.unwrap();
        assert_eq!((drained.delivered, drained.refused), (0, 0), "{kind:?}");
        assert_eq!(drained.failure.unwrap().kind(), kind);
    }
    assert_eq!(outbox.left(&database).unwrap(), 150);

    // It is put right, and they go in their order.
    let (channel, mut arrived) = Channel::bounded("right", 150);
    let relay = Relay::new(outbox.clone(), place.open(), channel);
    assert_eq!(relay.drain().await.unwrap().delivered, 150);
    for id in 0..150 {
        assert_eq!(arrived.recv().await.unwrap(), signal(&id.to_string()));
    }
}

#[tokio::test]
async fn a_target_slower_than_its_timeout_allows_for_all_gets_them_all() {
    let place = Place::new();
    let database = place.open();
    let outbox = outbox(&database);
    for id in 0..150 {
        outbox.put(&database, &signal(&id.to_string())).unwrap();
    }
    tokio::time::pause();
    let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let slow = Handler::new("slow", move |signal: Envelope| {
        let sender = sender.clone();
        async move {
            tokio::time::sleep(std::time::Duration::from_secs(4)).await;
            sender.send(signal).unwrap();
            Ok(())
        }
    });
    let slow = slow.within(std::time::Duration::from_secs(10));
    let relay = Relay::new(outbox.clone(), place.open(), slow);
    assert_eq!(relay.drain().await.unwrap().delivered, 150);
    for id in 0..150 {
        assert_eq!(heard.recv().await.unwrap(), signal(&id.to_string()));
    }
}

#[tokio::test]
async fn a_table_as_a_target_takes_several_in_one_transaction() {
    let place = Place::new();
    let table = Outbox::new("outbox").unwrap();
    let target = OutboxTarget::new("later", table.clone(), place.open());
    let error = target.check().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.target()),
        (Kind::Misconfigured, "later")
    );
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);

    table.create(&place.open()).unwrap();
    target.check().await.unwrap();
    let large = signal(&"x".repeat(2 << 20));
    let outcomes = target.deliver_all(&[signal("1"), large, signal("2")]).await;
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.target()), (Kind::Unwritable, "later"));
    assert_eq!(table.left(&place.open()).unwrap(), 2);
}

#[tokio::test]
async fn a_locked_database_may_be_free_later() {
    let place = Place::new();
    let mut other = place.open();
    let table = outbox(&other);
    let mine = place.open();
    mine.busy_timeout(std::time::Duration::ZERO).unwrap();
    let target = OutboxTarget::new("later", table.clone(), mine);
    let lock = rusqlite::TransactionBehavior::Exclusive;
    let transaction = other.transaction_with_behavior(lock).unwrap();
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Busy, "{error:?}");
    transaction.commit().unwrap();
    target.deliver(&signal("1")).await.unwrap();
}

#[test]
fn a_name_that_is_no_table_is_refused() {
    for name in ["", "a b", "a\"; DROP TABLE b", "Outbox", &"x".repeat(64)] {
        let error = Outbox::new(name).unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{name:?}");
    }
}
