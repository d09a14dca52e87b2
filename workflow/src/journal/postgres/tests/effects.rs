//! Effects in the transaction that records them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use enact_action_core::Failure;
use serde_json::value::to_raw_value;

use super::*;
use crate::clock::SystemClock;
use crate::journal::work::{Database, Work};

/// A place with a table of the program's own: its key is looked at at once, what it refers to at the commit.
fn booking(name: &str) -> Option<Place> {
    let mut place = Place::new(name)?;
    let schema = place.options.schema.clone();
    let tables = format!(
        "CREATE TABLE IF NOT EXISTS {schema}.booked (cents BIGINT PRIMARY KEY, \
         part_of BIGINT REFERENCES {schema}.booked DEFERRABLE INITIALLY DEFERRED)"
    );
    place.options = place.options.clone().tables(tables);
    Some(place)
}

/// An effect of a run's step `book`; what it came to, once it is handed over and written.
fn work(
    place: &Place,
    run: u64,
    act: impl Fn(&Transaction<'_>, &str) -> Result<u32, Failure> + Send + Sync + 'static,
) -> Work {
    let table = format!("{}.booked", place.options.schema);
    let at = ("book".to_owned(), "book".to_owned());
    Work::new(run, at, Arc::new(SystemClock), move |database| {
        let Database::Postgres(transaction) = database else {
            return Err(Failure::terminal("test.other", "another database"));
        };
        Ok(to_raw_value(&act(transaction, &table)?)?)
    })
}

fn book(db: &Transaction<'_>, table: &str, cents: i64) -> Result<u32, SqlError> {
    let sql = format!("INSERT INTO {table} (cents) VALUES ($1)");
    db.execute(&sql, &[&cents])?;
    Ok(1)
}

fn booked(place: &Place) -> String {
    let sql = "SELECT coalesce(string_agg(cents::text, ' ' ORDER BY cents), '') FROM @.booked";
    place.sql(sql).unwrap().unwrap()
}

/// With what an effect has failed.
fn failed(work: &Work) -> String {
    let failure = work.take().unwrap().unwrap_err();
    format!("{}: {}", failure.code(), failure.message())
}

#[test]
fn an_effect_is_there_with_its_record_and_in_order() {
    let Some(place) = booking("effect") else {
        return;
    };
    let mut store = place.open();
    let acted = work(&place, 1, |db, table| {
        book(db, table, 5)?;
        let sum = format!("SELECT sum(cents)::int8 FROM {table}");
        let sum: i64 = db.query_one(&sql_of(&sum), &[])?.try_get(0)?;
        assert!(db.query_opt("SELECT 1 WHERE false", &[])?.is_none());
        assert_eq!(db.query("SELECT 1 UNION SELECT 2", &[])?.len(), 2);
        Ok(u32::try_from(sum)?)
    });
    let batch = [
        Entry::Begin(new(1, "a"), None),
        record(1, "x"),
        Entry::Work(acted.clone()),
        record(1, "y"),
        Entry::Begin(new(2, "a"), None),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [4]);
    assert_eq!(acted.take().unwrap().unwrap().get(), "5");
    assert_eq!(paths(&place, 1), ["x", "book", "y"]);
    assert_eq!(booked(&place), "5");
}

/// A statement as people write it.
fn sql_of(sql: &str) -> String {
    format!("-- what is booked\n {sql} ;")
}

#[test]
fn an_effect_that_fails_goes_back_alone() {
    let Some(place) = booking("alone") else {
        return;
    };
    let mut store = place.open();
    let good = |run, cents| work(&place, run, move |db, table| Ok(book(db, table, cents)?));
    let fails = work(&place, 2, |db, table| {
        book(db, table, 20)?;
        Err(Failure::terminal("book.no", "it can't be booked"))
    });
    let panics = work(&place, 3, |db, table| {
        book(db, table, 30)?;
        panic!("it was not expected")
    });
    let twice = work(&place, 4, |db, table| {
        book(db, table, 40)?;
        Ok(book(db, table, 10)?)
    });
    let light = work(&place, 5, |db, table| {
        book(db, table, 50)?;
        Ok(book(db, table, 10).unwrap_or_default())
    });
    let loose = work(&place, 6, |db, table| {
        let sql = format!("INSERT INTO {table} (cents, part_of) VALUES (60, 61)");
        Ok(u32::try_from(db.execute(&sql, &[])?)?)
    });
    let bound = work(&place, 7, |db, table| {
        let sql = format!("INSERT INTO {table} (cents, part_of) VALUES (70, 71)");
        db.execute(&sql, &[])?;
        Ok(book(db, table, 71)?)
    });
    let (first, last) = (good(1, 10), good(8, 80));
    let works = [
        &first, &fails, &panics, &twice, &light, &loose, &bound, &last,
    ];
    let begun = (1..=8).map(|run| Entry::Begin(new(run, &run.to_string()), None));
    let acted = works.iter().map(|work| Entry::Work((*work).clone()));
    let batch: Vec<Entry> = begun.chain(acted).chain([record(2, "y")]).collect();
    assert_eq!(store.commit(&batch).unwrap(), [9, 10, 11, 12, 13]);
    assert_eq!(booked(&place), "10 70 71 80");
    assert_eq!(failed(&fails), "book.no: it can't be booked");
    assert!(failed(&panics).contains("panicked"));
    assert!(failed(&twice).contains("duplicate key"));
    assert!(failed(&light).starts_with("transact.aborted: a statement failed"));
    assert!(failed(&loose).contains("foreign key"));
    for done in [&first, &bound, &last] {
        assert_eq!(done.take().unwrap().unwrap().get(), "1");
    }
    for (run, of_it) in [(1, vec!["book"]), (2, vec!["y"]), (7, vec!["book"])] {
        assert_eq!(paths(&place, run), of_it);
    }
}

#[test]
fn what_would_end_the_transaction_is_refused_and_fails_the_step() {
    let Some(place) = booking("ends") else {
        return;
    };
    let mut store = place.open();
    let with = |run, sql: &'static str| {
        work(&place, run, move |db, table| {
            book(db, table, 10)?;
            // It is found out whatever is made of it.
            let error = db.execute(sql, &[]).unwrap_err();
            assert!(error.sql_state().is_none() == matches!(error, SqlError::Refused(_)));
            Ok(1)
        })
    };
    let commits = with(1, "/* for good */ commit");
    let sets = with(1, "SET synchronous_commit TO off");
    let hidden = with(1, "DO $$ BEGIN COMMIT; END $$");
    let many = with(1, "SELECT 1; COMMIT");
    let works = [&commits, &sets, &hidden, &many].map(|work| Entry::Work(work.clone()));
    let batch: Vec<Entry> = [Entry::Begin(new(1, "a"), None)]
        .into_iter()
        .chain(works)
        .collect();
    assert_eq!(store.commit(&batch).unwrap(), [1, 2, 3, 4]);
    assert_eq!(booked(&place), "");
    assert!(
        failed(&commits).starts_with("transact.refused: `COMMIT` would end the transaction"),
        "{commits:?}"
    );
    assert!(failed(&sets).starts_with("transact.refused: `SET` "));
    for aborted in [hidden, many] {
        assert!(failed(&aborted).starts_with("transact.aborted: "));
    }
    store.commit(&[record(1, "x")]).unwrap();
    assert_eq!(paths(&place, 1), ["x"]);
}

#[test]
fn what_an_effect_does_to_its_connection_is_undone() {
    let Some(place) = booking("settings") else {
        return;
    };
    let mut store = place.open();
    let changes = work(&place, 1, |db, _| {
        let found = "SELECT current_setting('search_path') LIKE '%public%'";
        assert!(db.query_one(found, &[])?.try_get::<_, bool>(0)?);
        for name in ["search_path", "synchronous_commit"] {
            let sql = "SELECT set_config($1, 'off', false)";
            db.query(sql, &[&name])?;
        }
        Ok(1)
    });
    let batch = [Entry::Begin(new(1, "a"), None), Entry::Work(changes)];
    assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
    let read = store.persist(&async |to| {
        let sql = "SELECT current_setting('synchronous_commit') || ' ' || \
                   current_setting('search_path') || ' ' || (setting = reset_val) \
                   FROM pg_settings WHERE name = 'statement_timeout'";
        let rows = to.query(sql, &[]).await?;
        Ok(rows[0].try_get::<_, String>(0)?)
    });
    let schema = &place.options.schema;
    assert_eq!(read.unwrap(), format!("on {schema} true"));
}

#[test]
fn a_worker_that_was_fenced_does_no_effect() {
    let Some(place) = booking("fenced_effect") else {
        return;
    };
    let mut store = place.open();
    store.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
    let gone = format!("DELETE FROM @.workers WHERE worker = {}", store.worker);
    place.sql(&gone).unwrap();
    let acted = work(&place, 1, |db, table| Ok(book(db, table, 5)?));
    let error = store.commit(&[Entry::Work(acted.clone())]).unwrap_err();
    assert!(cause(&error).contains("fenced"), "{}", cause(&error));
    assert!(acted.take().is_none(), "it was not called");
    assert_eq!((booked(&place), paths(&place, 1).len()), (String::new(), 0));
}

#[test]
fn an_effect_whose_connection_is_lost_is_there_once() {
    let Some(place) = booking("lost") else {
        return;
    };
    let mut store = place.open();
    let times = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&times);
    let acted = work(&place, 1, move |db, table| {
        let time = counted.fetch_add(1, Ordering::Relaxed);
        book(db, table, i64::from(time))?;
        if time == 0 {
            // What the step makes of it does not matter.
            drop(db.execute("SELECT pg_terminate_backend(pg_backend_pid())", &[]));
        }
        Ok(time)
    });
    let batch = [Entry::Begin(new(1, "a"), None), Entry::Work(acted.clone())];
    assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
    assert_eq!(
        (booked(&place), acted.take().unwrap().unwrap().get()),
        ("1".to_owned(), "1")
    );
    assert_eq!(paths(&place, 1), ["book"]);
    // One whose commit was not heard of is not done again.
    let batch = [Entry::Work(acted.clone())];
    let unheard = store.once(
        &|steps, proof| {
            write::batch(steps, Some(proof), &batch)?;
            let reset = std::io::ErrorKind::ConnectionReset;
            Err(Problem::Io(std::io::Error::from(reset)))
        },
        &async |to, proof| proof.refused(to).await,
    );
    assert_eq!(unheard.unwrap(), [0; 0]);
    assert_eq!(
        (booked(&place), times.load(Ordering::Relaxed)),
        ("1 2".to_owned(), 3)
    );
    assert_eq!(acted.take().unwrap().unwrap().get(), "2");
}

#[test]
fn an_effect_that_always_takes_the_transaction_with_it_is_given_up() {
    let Some(place) = booking("spoilt") else {
        return;
    };
    let mut store = place.open();
    let spoils = work(&place, 1, |db, table| {
        book(db, table, 5)?;
        db.execute("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
        Ok(1)
    });
    let good = work(&place, 2, |db, table| Ok(book(db, table, 7)?));
    let batch = [
        Entry::Begin(new(1, "a"), None),
        Entry::Begin(new(2, "b"), None),
        Entry::Work(spoils.clone()),
        Entry::Work(good),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [2]);
    assert!(failed(&spoils).starts_with("transact.spoilt: "));
    assert_eq!(booked(&place), "7");
}

#[test]
fn effects_of_two_workers_that_wait_for_each_other_are_both_there() {
    let Some(place) = booking("deadlock") else {
        return;
    };
    let mut stores = [place.open(), place.open()];
    place
        .sql("INSERT INTO @.booked (cents) VALUES (1), (2)")
        .unwrap();
    let both = Arc::new(Barrier::new(2));
    std::thread::scope(|threads| {
        for ((run, store), rows) in (1..).zip(&mut stores).zip([[1_i64, 2], [2, 1]]) {
            let (both, first) = (Arc::clone(&both), AtomicU32::new(0));
            let crossed = work(&place, run, move |db, table| {
                let sql = format!("UPDATE {table} SET part_of = cents WHERE cents = $1");
                db.execute(&sql, &[&rows[0]])?;
                if first.fetch_add(1, Ordering::Relaxed) == 0 {
                    both.wait();
                }
                db.execute(&sql, &[&rows[1]])?;
                Ok(book(db, table, 10 * rows[0])?)
            });
            threads.spawn(move || {
                let batch = [
                    Entry::Begin(new(run, &run.to_string()), None),
                    Entry::Work(crossed),
                ];
                assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
            });
        }
    });
    assert_eq!(booked(&place), "1 2 10 20");
}

#[test]
fn a_statement_that_takes_too_long_fails_alone() {
    let Some(mut place) = booking("slow") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(6));
    let mut store = place.open();
    let slow = work(&place, 1, |db, table| {
        book(db, table, 5)?;
        Ok(u32::try_from(db.execute("SELECT pg_sleep(3600)", &[])?)?)
    });
    let batch = [
        Entry::Begin(new(1, "a"), None),
        Entry::Work(slow.clone()),
        record(1, "x"),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [1]);
    assert!(failed(&slow).contains("statement timeout"));
    assert_eq!(
        (booked(&place), paths(&place, 1)),
        (String::new(), vec!["x".to_owned()])
    );
}

/// Waits until a session has ended.
fn until_ended(url: &str, pid: i32) {
    let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}");
    let began = Instant::now();
    while asked(url, &sql).unwrap().as_deref() != Some("0") {
        assert!(began.elapsed() < Duration::from_secs(30), "it goes on");
        std::thread::yield_now();
    }
}

#[test]
fn what_is_done_again_after_a_pause_has_the_patience_of_a_lease() {
    let Some(mut place) = booking("patience") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(1));
    let mut store = place.open();
    let url = place.url.clone();
    let pauses = work(&place, 1, move |db, _| {
        let pid = "SELECT pg_backend_pid()";
        until_ended(&url, db.query_one(pid, &[])?.try_get(0)?);
        Ok(1)
    });
    let times = AtomicU32::new(0);
    let loses = work(&place, 2, move |db, table| {
        if times.fetch_add(1, Ordering::Relaxed) == 0 {
            drop(db.execute("SELECT pg_terminate_backend(pg_backend_pid())", &[]));
        }
        Ok(book(db, table, 7)?)
    });
    let batch = [
        Entry::Begin(new(1, "a"), None),
        Entry::Begin(new(2, "b"), None),
        Entry::Work(pauses.clone()),
        Entry::Work(loses),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [2]);
    assert!(failed(&pauses).starts_with("transact.slow: "));
    assert_eq!(booked(&place), "7");
}

#[test]
fn a_worker_that_is_fenced_while_an_effect_pauses_ends() {
    let Some(mut place) = booking("fenced_pause") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(1));
    let mut store = place.open();
    let (url, worker) = (place.url.clone(), store.worker);
    let fence = format!(
        "DELETE FROM {}.workers WHERE worker = {worker}",
        place.options.schema
    );
    let pauses = work(&place, 1, move |db, table| {
        let pid = "SELECT pg_backend_pid()";
        until_ended(&url, db.query_one(pid, &[])?.try_get(0)?);
        asked(&url, &fence).unwrap();
        Ok(book(db, table, 5)?)
    });
    let batch = [Entry::Begin(new(1, "a"), None), Entry::Work(pauses)];
    let error = store.commit(&batch).unwrap_err();
    assert!(cause(&error).contains("fenced"), "{}", cause(&error));
    assert_eq!(booked(&place), "");
}

#[test]
fn many_short_pauses_are_not_taken_for_a_long_one() {
    let Some(mut place) = booking("short_pauses") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(1));
    let mut store = place.open();
    let times = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&times);
    let pauses = work(&place, 1, move |db, table| {
        if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(1200) {
                db.execute("SELECT 1", &[])?;
                std::thread::park_timeout(Duration::from_millis(100));
            }
            drop(db.execute("SELECT pg_terminate_backend(pg_backend_pid())", &[]));
        }
        Ok(book(db, table, 5)?)
    });
    let batch = [Entry::Begin(new(1, "a"), None), Entry::Work(pauses)];
    assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
    assert_eq!(
        (booked(&place), times.load(Ordering::Relaxed)),
        ("5".to_owned(), 2)
    );
    assert!(store.held.elapsed() < place.options.lease);
}

#[test]
fn an_effect_that_pauses_for_longer_than_the_lease_fails_alone() {
    let Some(mut place) = booking("pauses") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(1));
    let mut store = place.open();
    // Whatever it makes of it: it goes on, it leaves it be, or it fails.
    let pauses = [0, 1, 2].map(|way| {
        let url = place.url.clone();
        let times = Arc::new(AtomicU32::new(0));
        work(&place, way + 1, move |db, table| {
            assert_eq!(times.fetch_add(1, Ordering::Relaxed), 0, "it is done once");
            let pid = "SELECT pg_backend_pid()";
            until_ended(&url, db.query_one(pid, &[])?.try_get(0)?);
            match way {
                0 => Ok(book(db, table, 5)?),
                1 => Ok(1),
                _ => Err(Failure::terminal("book.no", "it can't be booked")),
            }
        })
    });
    let good = work(&place, 4, |db, table| Ok(book(db, table, 7)?));
    let begun = (1..=4).map(|run| Entry::Begin(new(run, &run.to_string()), None));
    let acted = pauses.iter().chain([&good]);
    let acted = acted.map(|work| Entry::Work(work.clone()));
    let batch: Vec<Entry> = begun.chain(acted).collect();
    assert_eq!(store.commit(&batch).unwrap(), [4, 5, 6]);
    for work in &pauses {
        let failed = failed(work);
        assert!(failed.starts_with("transact.slow: "), "{failed}");
    }
    assert_eq!(booked(&place), "7");
    store.commit(&[record(1, "x")]).unwrap();
    assert_eq!(paths(&place, 1), ["x"]);
}
