//! The outbox in a real `PostgreSQL`: several relays, late commits, relays that die in between.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_bus::dispatch::local::{Channel, Handler};
use enact_signal_bus::dispatch::outbox::postgres::{Outbox, OutboxTarget, Relay};
use enact_signal_bus::dispatch::{DispatchError, Kind, Target};
use enact_signal_core::Envelope;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use crate::brokers::{server, soon};
use crate::world::signal;

/// A table of its own in the server's database, which has connections while the test has it.
struct Place {
    url: String,
    outbox: Outbox,
    connections: Mutex<JoinSet<()>>,
}

impl Place {
    async fn new() -> Option<(Self, Client)> {
        let default = "postgres://postgres@127.0.0.1:5432/test";
        let url = server("ENACT_POSTGRES", default, "127.0.0.1:5432").await?;
        let table = format!("outbox_{}", enact_signal_core::id()).replace('-', "_");
        let place = Self {
            url,
            outbox: Outbox::new(table).unwrap(),
            connections: Mutex::default(),
        };
        let database = place.open().await;
        Some((place, database))
    }

    /// The same, with the table.
    async fn made() -> Option<(Self, Client)> {
        let (place, database) = Self::new().await?;
        place.outbox.create(&database).await.unwrap();
        Some((place, database))
    }

    async fn open(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        let mut connections = self.connections.lock().unwrap();
        connections.spawn(async { drop(connection.await) });
        client
    }

    async fn relay<T: Target>(&self, target: T) -> Relay<T> {
        Relay::new(self.outbox.clone(), self.open().await, target)
    }

    async fn put(&self, database: &Client, ids: impl IntoIterator<Item = usize>) {
        for id in ids {
            let signal = signal(&id.to_string());
            self.outbox.put(database, &signal).await.unwrap();
        }
    }

    async fn left(&self, database: &Client) -> u64 {
        self.outbox.left(database).await.unwrap()
    }

    async fn clear(self, database: &Client) {
        let sql = format!("DROP TABLE {}", self.outbox.table());
        database.batch_execute(&sql).await.unwrap();
    }
}

type Numbers = Arc<Mutex<Vec<usize>>>;

fn number(signal: &Envelope) -> usize {
    signal.id().parse().unwrap()
}

/// Takes everything down, and lets others run in between.
fn hearing(heard: &Numbers) -> Handler {
    let heard = Arc::clone(heard);
    Handler::new("hearing", move |signal: Envelope| {
        let heard = Arc::clone(&heard);
        async move {
            tokio::task::yield_now().await;
            heard.lock().unwrap().push(number(&signal));
            Ok(())
        }
    })
}

#[tokio::test]
async fn a_signal_is_there_with_what_it_tells_of_or_not_at_all() {
    let Some((place, mut database)) = Place::made().await else {
        return;
    };
    let outbox = place.outbox.clone();
    let transaction = database.transaction().await.unwrap();
    outbox.put(&transaction, &signal("1")).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(place.left(&database).await, 0);

    let transaction = database.transaction().await.unwrap();
    outbox.put(&transaction, &signal("2")).await.unwrap();
    // Putting it twice is putting it once; what can't be written leaves the transaction alone.
    outbox.put(&transaction, &signal("2")).await.unwrap();
    for long in [2001, 2 << 20] {
        let long = signal(&"x".repeat(long));
        let error = outbox.put(&transaction, &long).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unwritable);
    }
    transaction.commit().await.unwrap();
    let (channel, mut arrived) = Channel::bounded("shipping", 4);
    let relay = place.relay(channel).await;
    assert_eq!(relay.drain().await.unwrap().delivered, 1);
    assert_eq!(arrived.recv().await.unwrap(), signal("2"));
    assert_eq!(relay.drain().await.unwrap().delivered, 0);
    place.clear(&database).await;
}

#[tokio::test]
async fn several_relays_deliver_each_signal_once_and_in_order() {
    let Some((place, database)) = Place::made().await else {
        return;
    };
    place.put(&database, 0..450).await;
    let heard = Numbers::default();
    let mut relays = JoinSet::new();
    for _ in 0..4 {
        let relay = place.relay(hearing(&heard)).await;
        relays.spawn(async move { relay.drain().await.unwrap().delivered });
    }
    let delivered = relays.join_all().await;
    assert_eq!(delivered.iter().sum::<u64>(), 450);
    assert_eq!(*heard.lock().unwrap(), (0..450).collect::<Vec<_>>());
    place.clear(&database).await;
}

#[tokio::test]
async fn one_that_commits_later_than_its_successor_is_not_left_out() {
    let Some((place, mut database)) = Place::made().await else {
        return;
    };
    let other = place.open().await;
    let late = database.transaction().await.unwrap();
    place.outbox.put(&late, &signal("1")).await.unwrap();
    place.put(&other, [2, 3]).await;

    let heard = Numbers::default();
    let relay = place.relay(hearing(&heard)).await;
    assert_eq!(relay.drain().await.unwrap().delivered, 2);
    late.commit().await.unwrap();
    assert_eq!(relay.drain().await.unwrap().delivered, 1);
    assert_eq!(*heard.lock().unwrap(), [2, 3, 1]);
    place.clear(&database).await;
}

#[tokio::test]
async fn what_a_killed_relay_delivered_is_delivered_again_and_nothing_lost() {
    let Some((place, database)) = Place::made().await else {
        return;
    };
    place.put(&database, 0..150).await;
    let heard = Numbers::default();
    let client = place.open().await;
    let row = client.query_one("SELECT pg_backend_pid()", &[]).await;
    let backend: i32 = row.unwrap().get(0);
    // The server ends the relay's connection in the middle of its second batch.
    let (killer, taken) = (Arc::new(place.open().await), Arc::clone(&heard));
    let target = Handler::new("killed", move |signal: Envelope| {
        let (killer, taken) = (Arc::clone(&killer), Arc::clone(&taken));
        async move {
            taken.lock().unwrap().push(number(&signal));
            if number(&signal) == 120 {
                let sql = format!("SELECT pg_terminate_backend({backend}, 5000)");
                killer.batch_execute(&sql).await.unwrap();
            }
            Ok(())
        }
    });
    let relay = Relay::new(place.outbox.clone(), client, target);
    let error = soon(relay.drain()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
    assert!(error.is_retryable());
    assert_eq!(heard.lock().unwrap().len(), 150);
    assert_eq!(place.left(&database).await, 50);

    let next = place.relay(hearing(&heard)).await;
    assert_eq!(next.drain().await.unwrap().delivered, 50);
    let expected: Vec<_> = (0..150).chain(100..150).collect();
    assert_eq!(*heard.lock().unwrap(), expected);
    place.clear(&database).await;
}

#[tokio::test]
async fn a_round_that_is_dropped_gives_its_turn_up() {
    let Some((place, database)) = Place::made().await else {
        return;
    };
    place.put(&database, 0..3).await;
    let (begun, mut begins) = tokio::sync::mpsc::channel(1);
    let stuck = Handler::new("stuck", move |_: Envelope| {
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            std::future::pending().await
        }
    });
    let stuck = place.relay(stuck).await;
    let heard = Numbers::default();
    let other = place.relay(hearing(&heard)).await;
    {
        let mut round = Box::pin(stuck.drain());
        tokio::select! {
            _ = &mut round => unreachable!("its target never answers"),
            _ = begins.recv() => {}
        }
        // While it has the turn, nobody else delivers.
        let waiting = tokio::time::timeout(Duration::from_millis(200), other.drain());
        assert!(waiting.await.is_err());
        assert!(heard.lock().unwrap().is_empty());
    }
    assert_eq!(soon(other.drain()).await.unwrap().delivered, 3);
    place.clear(&database).await;
}

#[tokio::test]
async fn failures_are_delivered_later_and_refusals_stay_with_their_reason() {
    let Some((place, database)) = Place::made().await else {
        return;
    };
    place.put(&database, 0..250).await;
    let heard = Numbers::default();
    let (taken, failed) = (
        Arc::clone(&heard),
        std::sync::atomic::AtomicBool::new(false),
    );
    let fussy = Handler::new("fussy", move |signal: Envelope| {
        let (taken, number) = (Arc::clone(&taken), number(&signal));
        let fails = number == 10 && !failed.swap(true, std::sync::atomic::Ordering::Relaxed);
        async move {
            let told = |kind| Err(DispatchError::new(kind, "fussy", "told\0to"));
            if fails {
                return told(Kind::Failed);
            }
            if number.is_multiple_of(3) {
                return told(Kind::Refused);
            }
            taken.lock().unwrap().push(number);
            Ok(())
        }
    });
    let relay = place.relay(fussy).await;
    let first = relay.drain().await.unwrap();
    assert_eq!((first.delivered, first.refused), (65, 34));
    assert_eq!(first.failure.unwrap().kind(), Kind::Failed);
    assert_eq!(place.left(&database).await, 151);
    let second = relay.drain().await.unwrap();
    assert!(second.failure.is_none());
    assert_eq!(place.left(&database).await, 0);
    assert_eq!(place.outbox.refused(&database).await.unwrap(), 84);
    let sql = format!("SELECT DISTINCT refused FROM {}", place.outbox.table());
    let reason: String = database.query_one(&sql, &[]).await.unwrap().get(0);
    assert_eq!(reason, "could not deliver to `fussy`: told to");

    let mut numbers = heard.lock().unwrap().clone();
    numbers.sort_unstable();
    let expected: Vec<_> = (0..250).filter(|number| number % 3 != 0).collect();
    assert_eq!(numbers, expected, "each once");
    assert_eq!(place.outbox.redrive(&database).await.unwrap(), 84);
    assert_eq!(place.left(&database).await, 84);
    place.clear(&database).await;
}

#[tokio::test]
async fn what_is_no_signal_is_set_aside_with_its_reason() {
    let Some((place, database)) = Place::made().await else {
        return;
    };
    let table = place.outbox.table();
    let sql =
        format!("INSERT INTO {table} (source, id, type, event) VALUES ('/', '1', 'a', '{{}}')");
    database.batch_execute(&sql).await.unwrap();
    place.put(&database, [2]).await;
    let heard = Numbers::default();
    let relay = place.relay(hearing(&heard)).await;
    let drained = relay.drain().await.unwrap();
    assert_eq!((drained.delivered, drained.refused), (1, 1));
    let sql = format!("SELECT refused FROM {table}");
    let reason: String = database.query_one(&sql, &[]).await.unwrap().get(0);
    assert!(reason.contains("specversion"), "{reason}");
    place.clear(&database).await;
}

#[tokio::test]
async fn a_table_as_a_target_takes_several_in_one_statement() {
    let Some((place, database)) = Place::new().await else {
        return;
    };
    let target = OutboxTarget::new("later", place.outbox.clone(), place.open().await);
    let error = target.check().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.target()),
        (Kind::Misconfigured, "later")
    );
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured, "{error:?}");

    // Several programs start at once.
    let mut starts = JoinSet::new();
    for _ in 0..8 {
        let (outbox, client) = (place.outbox.clone(), place.open().await);
        starts.spawn(async move { outbox.create(&client).await.unwrap() });
    }
    starts.join_all().await;
    target.check().await.unwrap();
    let large = signal(&"x".repeat(2 << 20));
    let outcomes = target.deliver_all(&[signal("1"), large, signal("2")]).await;
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.target()), (Kind::Unwritable, "later"));
    assert_eq!(place.left(&database).await, 2);
    place.clear(&database).await;
}
