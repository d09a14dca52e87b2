//! The journal in a database, against a real server.
//!
//! Its address is in `ENACT_POSTGRES`, and `postgres://postgres@127.0.0.1:5432/test` where that is not set. Where no
//! server is there the tests say so and pass, but not on CI.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::{Error as IoError, ErrorKind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::connect::is_safe;
use super::link::aside;
use super::*;
use crate::journal::conforms;
use crate::journal::record::Ending;
use crate::journal::store::{NOW, NewRun};

/// A schema of its own for one test, which ends with it.
struct Place {
    url: String,
    options: Options,
}

impl Place {
    fn new(name: &str) -> Option<Self> {
        let url = std::env::var("ENACT_POSTGRES");
        let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned());
        let schema = format!("enact_{}_{name}", std::process::id());
        let place = Self {
            url,
            options: Options::default().schema(schema),
        };
        match place.sql("SELECT 1") {
            Ok(_) => Some(place),
            Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
                panic!("no server at {}: {error}", place.url)
            }
            Err(error) => {
                println!("skipped: no server at {}: {error}", place.url);
                None
            }
        }
    }

    fn open(&self) -> Postgres {
        Postgres::open(&self.url, &self.options).unwrap()
    }

    fn beside(&self) -> Beside {
        Beside::open(&self.url, &self.options).unwrap()
    }

    /// Does something beside the store, on a connection of its own; the first column of the last row.
    fn sql(&self, sql: &str) -> Result<Option<String>, tokio_postgres::Error> {
        let sql = sql.replace('@', &self.options.schema);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await?;
            drop(tokio::runtime::Handle::current().spawn(connection));
            let rows = client.simple_query(&sql).await?;
            let row = rows.iter().rev().find_map(|row| match row {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            Ok(row)
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.sql("DROP SCHEMA IF EXISTS @ CASCADE").unwrap();
    }
}

fn new(run: u64, id: &str) -> NewRun {
    NewRun {
        run,
        id: id.to_owned(),
        workflow: "order".to_owned(),
        version: 1,
        graph: 1,
        input: Body::Text("{}".to_owned()),
        started: 0,
        sum: 0,
    }
}

fn record(run: u64, path: &str) -> Entry {
    let body = Body::Text("{}".to_owned());
    Entry::Record {
        run,
        record: Record::new(run, path.to_owned(), 0, body),
        mail: None,
    }
}

fn post(run: u64) -> Entry {
    let body = Body::Text("1".to_owned());
    Entry::Post { run, body }
}

fn claim(store: &mut Postgres) -> Vec<u64> {
    let claim = Claim {
        now: NOW,
        most: 100,
        graphs: vec![1],
    };
    let claimed = store.claim(&claim).unwrap();
    claimed.iter().map(|claimed| claimed.row.new.run).collect()
}

fn paths(place: &Place, run: u64) -> Vec<String> {
    let records = place.beside().records(run).unwrap();
    records.into_iter().map(|record| record.path).collect()
}

/// The cause of an error, whose own text says what was tried.
fn cause(error: &StoreError) -> String {
    error.source().unwrap().to_string()
}

#[test]
fn a_database_conforms() {
    let Some(place) = Place::new("conforms") else {
        return;
    };
    conforms(|| Box::new(place.open())).unwrap();
}

#[test]
fn a_worker_that_was_fenced_writes_nothing_and_says_so() {
    let Some(place) = Place::new("fenced") else {
        return;
    };
    let (mut first, mut second) = (place.open(), place.open());
    first
        .commit(&[Entry::Begin(new(1, "a")), record(1, "x")])
        .unwrap();
    second.renew().unwrap();
    assert!(claim(&mut second).is_empty(), "its lease runs");
    let over = "UPDATE @.workers SET until = now() - interval '1 s' WHERE worker = ";
    place.sql(&format!("{over} {}", first.worker)).unwrap();
    second.renewed = None;
    second.renew().unwrap();
    assert_eq!(claim(&mut second), [1]);
    let error = first
        .commit(&[record(1, "y"), Entry::Enqueue(new(2, "b"))])
        .unwrap_err();
    assert!(cause(&error).contains("fenced"), "{}", cause(&error));
    first.renewed = None;
    assert!(cause(&first.renew().unwrap_err()).contains("fenced"));
    second.commit(&[record(1, "z")]).unwrap();
    assert_eq!(paths(&place, 1), ["x", "z"]);
    assert!(place.beside().find("b").unwrap().is_none());
    // It had nothing any more, so it takes nothing away when it goes.
    drop(first);
    assert!(claim(&mut place.open()).is_empty());
}

#[test]
fn a_worker_that_is_just_committing_is_not_fenced() {
    let Some(place) = Place::new("alive") else {
        return;
    };
    let (mut first, second) = (place.open(), Mutex::new(place.open()));
    first.commit(&[Entry::Begin(new(1, "a"))]).unwrap();
    let over = "UPDATE @.workers SET until = now() - interval '1 s' WHERE worker = ";
    place.sql(&format!("{over} {}", first.worker)).unwrap();
    let renewed = first.once(
        &async |to, proof| {
            let orders = [link::Order::new("BEGIN", Vec::new()), proof.order()];
            to.trip(&orders).await?;
            // What another worker does in the meantime.
            aside(|| second.lock().unwrap().renew_lease())?;
            write::commit(to, Vec::new()).await
        },
        &async |_, _| Ok(()),
    );
    renewed.unwrap();
    first.commit(&[record(1, "x")]).unwrap();
    assert!(claim(&mut second.into_inner().unwrap()).is_empty());
}

#[test]
fn what_a_closed_worker_had_is_due_at_once() {
    let Some(place) = Place::new("closed") else {
        return;
    };
    let (mut first, mut second) = (place.open(), place.open());
    first.commit(&[Entry::Begin(new(1, "a"))]).unwrap();
    drop(first);
    assert_eq!(claim(&mut second), [1]);
}

#[test]
fn a_commit_that_was_not_heard_of_is_neither_lost_nor_done_twice() {
    let Some(place) = Place::new("unheard") else {
        return;
    };
    let mut store = place.open();
    let batch = [
        Entry::Begin(new(1, "a")),
        Entry::Begin(new(2, "a")),
        record(1, "x"),
        post(9),
    ];
    let unheard = || Problem::Io(IoError::from(ErrorKind::ConnectionReset));
    let times = Cell::new(0);
    let refused = store.once(
        &async |to, proof| {
            times.set(times.get() + 1);
            let done = write::batch(to, Some(proof), &batch).await;
            if times.get() == 1 {
                Err(unheard())
            } else {
                done
            }
        },
        &async |to, proof| proof.refused(to).await,
    );
    assert_eq!((refused.unwrap(), times.get()), (vec![1, 3], 2));
    assert_eq!(paths(&place, 1), ["x"]);
    // The same of taking up.
    store.commit(&[Entry::Park { run: 1, wake: NOW }]).unwrap();
    times.set(0);
    let ask = Claim {
        now: NOW,
        most: 9,
        graphs: vec![1],
    };
    let taken = store.once(
        &async |to, proof| {
            times.set(times.get() + 1);
            let done = lease::take(to, proof, &[1], &ask).await;
            if times.get() == 1 {
                Err(unheard())
            } else {
                done
            }
        },
        &async |to, proof| lease::taken(to, proof).await,
    );
    let taken: Vec<u64> = taken.unwrap().iter().map(|row| row.new.run).collect();
    assert_eq!((taken, times.get()), (vec![1], 2));
}

/// Lets another thread end when this one does, however it does.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[test]
fn connections_that_are_cut_in_mid_batch_cost_nothing_and_double_nothing() {
    let Some(place) = Place::new("cut") else {
        return;
    };
    let mut store = place.open();
    store.commit(&[Entry::Begin(new(1, "a"))]).unwrap();
    let stop = AtomicBool::new(false);
    let written = std::thread::scope(|threads| {
        threads.spawn(|| {
            for _ in 0..20 {
                // Backends that are in a batch, by the lock that they hold.
                let cut = "SET search_path TO @; SELECT count(pg_terminate_backend(pid)) FROM pg_locks \
                           WHERE relation = 'workers'::regclass AND mode = 'RowExclusiveLock'";
                let cut_one = || place.sql(cut).unwrap().as_deref() == Some("1");
                while !stop.load(Ordering::Acquire) && !cut_one() {
 std::hint::spin_loop(); }
            }
            stop.store(true, Ordering::Release);
        });
        let _stops = Stops(&stop);
        let mut written = 0_u32;
        while !stop.load(Ordering::Acquire) {
            let batch = [0, 1].map(|more| record(1, &(written + more).to_string()));
            assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
            written += 2;
        }
        written
    });
    let all: Vec<String> = (0..written).map(|n| n.to_string()).collect();
    assert_eq!(paths(&place, 1), all);
}

#[test]
fn mail_that_comes_while_a_run_is_parked_wakes_it() {
    let Some(place) = Place::new("wakes") else {
        return;
    };
    let (mut store, mut beside) = (place.open(), place.beside());
    store.commit(&[Entry::Begin(new(1, "a"))]).unwrap();
    for _ in 0..100 {
        std::thread::scope(|threads| {
            threads.spawn(|| assert!(beside.leave(&post(1)).unwrap()));
            store
                .commit(&[Entry::Park {
                    run: 1,
                    wake: NEVER,
                }])
                .unwrap();
        });
        let ask = Claim {
            now: NOW,
            most: 1,
            graphs: vec![1],
        };
        let woken = store.claim(&ask).unwrap();
        let mail = woken.iter().flat_map(|claimed| &claimed.mail);
        let read = mail.map(|mail| {
            let Entry::Record { run, record, .. } = record(1, "") else {
                unreachable!("it is a record")
            };
            let mail = Some(mail.seq);
            Entry::Record { run, record, mail }
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read.len(), 1, "its mail is there, and it is due");
        store.commit(&read).unwrap();
    }
}

#[test]
fn a_batch_keeps_the_order_of_what_is_written_about_a_run() {
    let Some(place) = Place::new("order") else {
        return;
    };
    let mut store = place.open();
    let end = |status| {
        let body = Body::Text("1".to_owned());
        let ending = Ending {
            status,
            body,
            at: 1,
            sum: 0,
        };
        Entry::End { run: 1, ending }
    };
    let Entry::Record { record: again, .. } = record(1, "again") else {
        return;
    };
    let failed = super::super::Status::Failed;
    let batch = [
        Entry::Begin(new(1, "a")),
        record(1, "x"),
        post(1),
        end(failed),
        post(1),
        Entry::Reopen {
            run: 1,
            record: again,
        },
        record(1, "y"),
        end(failed),
        Entry::Begin(new(2, "nul \0")),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [4, 8]);
    assert_eq!(paths(&place, 1), ["x", "again", "y"]);
    assert!(place.beside().find("nul \0").unwrap().is_none());
    assert_eq!(place.beside().counts(0).unwrap(), Counts::new(0, 0, 0));
}

#[test]
fn numbers_are_given_once_over_all_workers() {
    let Some(place) = Place::new("numbers") else {
        return;
    };
    let mut stores: Vec<Postgres> = (0..3).map(|_| place.open()).collect();
    let given = std::thread::scope(|threads| {
        let asked = stores.iter_mut().map(|store| {
            threads.spawn(move || -> Vec<u64> {
                (0..20).flat_map(|_| store.numbers(5).unwrap()).collect()
            })
        });
        let asked: Vec<_> = asked.collect();
        let given = asked.into_iter().flat_map(|asked| asked.join().unwrap());
        given.collect::<Vec<_>>()
    });
    assert_eq!(given.len(), 300);
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 300);
}

#[test]
fn what_is_not_its_own_is_refused_with_what_to_do() {
    let Some(place) = Place::new("refused") else {
        return;
    };
    let refused = |text: &str| {
        let error = cause(&Postgres::open(&place.url, &place.options).unwrap_err());
        assert!(error.contains(text), "{error}");
    };
    let error = Beside::open(&place.url, &place.options).unwrap_err();
    assert!(cause(&error).contains("there is no journal"));
    drop(place.open());
    place.sql("UPDATE @.about SET version = 99").unwrap();
    refused("its version is 99");
    place.sql("DROP TABLE @.about").unwrap();
    refused("tables of something else");
    let options = Options::default().schema("robert\"; --");
    let error = Postgres::open(&place.url, &options).unwrap_err();
    assert!(cause(&error).contains("is no name"));
    let error = is_safe("fsync", "off".to_owned(), "on").unwrap_err();
    assert!(
        error.to_string().contains("`fsync` reads \"off\""),
        "{error}"
    );
}

#[test]
fn commits_are_synced_though_the_database_says_otherwise() {
    let Some(place) = Place::new("synced") else {
        return;
    };
    let url = format!("{}?options=-c%20synchronous_commit%3Doff", place.url);
    let mut store = Postgres::open(&url, &place.options).unwrap();
    let read = store.persist(&async |to| {
        let rows = to
            .query("SELECT current_setting('synchronous_commit')", &[])
            .await?;
        Ok(rows[0].try_get::<_, String>(0)?)
    });
    assert_eq!(read.unwrap(), "on");
}
