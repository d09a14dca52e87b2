//! Connections: how they are set up, and what is lost when they are.

use std::cell::Cell;
use std::io::{Error as IoError, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

use super::connect::is_safe;
use super::*;

#[test]
fn a_commit_that_was_not_heard_of_is_neither_lost_nor_done_twice() {
    let Some(place) = Place::new("unheard") else {
        return;
    };
    let mut store = place.open();
    let batch = [
        Entry::Begin(new(1, "a"), None),
        Entry::Begin(new(2, "a"), None),
        record(1, "x"),
        post(9),
    ];
    let unheard = || Problem::Io(IoError::from(ErrorKind::ConnectionReset));
    let times = Cell::new(0);
    let refused = store.once(
        &|steps, proof| {
            times.set(times.get() + 1);
            let done = write::batch(steps, Some(proof), &batch);
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
        &|steps, proof| {
            times.set(times.get() + 1);
            let done = steps.wait(async |to| lease::take(to, proof, &[1], &ask).await);
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
    store.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
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

#[test]
fn what_the_tables_sql_sets_is_not_the_journals() {
    let Some(mut place) = Place::new("sets") else {
        return;
    };
    let tables = "SET synchronous_commit TO off; SET statement_timeout TO 7; \
                  SELECT pg_catalog.set_config('search_path', '', false)";
    place.options = place.options.clone().tables(tables);
    let mut store = place.open();
    let read = store.persist(&async |to| {
        let sql = "SELECT current_setting('synchronous_commit') || ' ' || \
                   current_setting('search_path') || ' ' || current_setting('statement_timeout')";
        let rows = to.query(sql, &[]).await?;
        Ok(rows[0].try_get::<_, String>(0)?)
    });
    let schema = &place.options.schema;
    assert_eq!(read.unwrap(), format!("on {schema} 0"));
    store.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
}

#[test]
fn a_server_that_only_reads_for_a_while_is_tried_again() {
    let Some(place) = Place::new("read_only") else {
        return;
    };
    let mut store = place.open();
    let only = "SET default_transaction_read_only TO on";
    store.persist(&async |to| to.execute(only).await).unwrap();
    store.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
    store.persist(&async |to| to.execute(only).await).unwrap();
    (store.renewed, store.held) = (None, Instant::now());
    store.renew().unwrap();
    assert!(place.beside().find("a").unwrap().is_some());
}
