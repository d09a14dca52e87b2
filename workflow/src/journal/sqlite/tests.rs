//! Whether each run's records are found, wherever their numbers are kept, and what is noticed where they are not.

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use enact_action_core::Failure;
use rusqlite::Connection;
use serde_json::value::RawValue;

use super::index::{Index, MANY, indexed};
use super::{Beside, Sqlite};
use crate::clock::SystemClock;
use crate::journal::tests::new;
use crate::journal::{
    Body, Claim, Database, Ending, Entry, Memory, Reader, Record, Status, Store, Work,
};

fn place(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("enact-index-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn record(run: u64, at: u64) -> Record {
    Record::new(run, format!("at {at}"), at, Body::Text("{}".to_owned()))
}

fn entry(run: u64, at: u64) -> Entry {
    let record = record(run, at);
    let mail = None;
    Entry::Record { run, record, mail }
}

fn end(run: u64, status: Status, at: u64) -> Entry {
    let ending = Ending {
        status,
        body: Body::Text("1".to_owned()),
        at,
        sum: 0,
    };
    Entry::End { run, ending }
}

/// Writes records of some runs in turn, the first of each run of its own length.
fn write(store: &mut dyn Store, runs: &[u64], count: usize, at: &mut u64) {
    let mut batch = Vec::new();
    for place in 0..count {
        *at += 1;
        batch.push(entry(runs[place % runs.len()], *at));
        if batch.len() == 300 || place + 1 == count {
            assert_eq!(store.commit(&batch).unwrap(), [0; 0]);
            batch.clear();
        }
    }
}

fn all(reader: &mut dyn Reader, runs: u64) -> Vec<Vec<Record>> {
    (1..=runs).map(|run| reader.records(run).unwrap()).collect()
}

/// What is done to both stores: what no index has yet, what one has, both, and neither.
fn history(open: &mut dyn FnMut() -> Box<dyn Store>) -> Vec<Vec<Vec<Record>>> {
    let mut told = Vec::new();
    let mut at = 0;
    let mut store = open();
    let begun: Vec<_> = (1..=9)
        .map(|run| Entry::Begin(new(run, &run.to_string()), None))
        .collect();
    store.commit(&begun).unwrap();
    write(&mut *store, &[1, 2, 3], 10, &mut at);
    told.push(all(&mut *store.reader().unwrap(), 12));
    // Beyond what is kept in memory, one run among many that has but one.
    write(&mut *store, &[4], 1, &mut at);
    write(&mut *store, &[1, 2], MANY, &mut at);
    told.push(all(&mut *store.reader().unwrap(), 12));
    let failed = [end(4, Status::Failed, 5), end(2, Status::Answered, 5)];
    store.commit(&failed).unwrap();
    // Somebody else adds records between those of whoever runs them.
    let mut beside = store.reader().unwrap();
    let left = Entry::Enqueue(new(10, "10"), Some(record(10, 1)));
    assert!(beside.leave(&left).unwrap());
    write(&mut *store, &[1, 5, 6], 20, &mut at);
    let (run, record) = (4, record(4, 2));
    assert!(beside.leave(&Entry::Reopen { run, record }).unwrap());
    told.push(all(&mut *beside, 12));
    drop(store);

    let mut store = open();
    let claim = Claim {
        now: 9,
        most: 100,
        graphs: vec![1],
    };
    let mut claimed = store.claim(&claim).unwrap();
    claimed.sort_by_key(|claimed| claimed.row.new.run);
    told.push(
        claimed
            .into_iter()
            .map(|claimed| claimed.records.unwrap())
            .collect(),
    );
    write(&mut *store, &[7, 8, 1, 4], MANY + 1, &mut at);
    store.commit(&[end(1, Status::Answered, 6)]).unwrap();
    // What is pruned was written first and last of all; its numbers are given to nobody else.
    assert_eq!(store.prune(7, 10).unwrap(), 2);
    write(&mut *store, &[9, 3], 50, &mut at);
    let left = Entry::Enqueue(new(11, "11"), Some(self::record(11, 1)));
    assert!(store.reader().unwrap().leave(&left).unwrap());
    told.push(all(&mut *store.reader().unwrap(), 12));
    drop(store);
    told.push(all(&mut *open().reader().unwrap(), 12));
    told
}

#[test]
fn each_run_has_its_records_in_order_wherever_their_numbers_are() {
    let mut kept = Memory::default();
    let wanted = history(&mut || {
        kept = kept.reopened();
        Box::new(kept.reopened())
    });
    let path = place("records.db");
    let found = history(&mut || Box::new(Sqlite::open(&path, None).unwrap()));
    assert_eq!(found.len(), wanted.len());
    for (place, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(found, wanted, "at the {place}th look");
    }
    let db = Connection::open(&path).unwrap();
    let count = |sql: &str| -> i64 { db.query_row(sql, (), |row| row.get(0)).unwrap() };
    assert!(count("SELECT count(*) FROM journal_index") > 5);
    assert!(
        count("SELECT count(*) FROM journal WHERE seq > (SELECT up_to FROM journal_indexed)") > 50,
        "and some are in no index"
    );
}

/// A file with records of two runs, in its index and after it.
fn written(name: &str) -> PathBuf {
    let path = place(name);
    let mut store = Sqlite::open(&path, None).unwrap();
    let begun = [1, 2].map(|run| Entry::Begin(new(run, &run.to_string()), None));
    store.commit(&begun).unwrap();
    let mut at = 0;
    write(&mut store, &[1, 2, 2, 1], MANY + 3, &mut at);
    write(&mut store, &[1, 2], 7, &mut at);
    path
}

/// A copy of a file in which something is spoilt.
fn spoilt(sound: &Path, spoil: &str) -> PathBuf {
    let path = place("spoilt.db");
    std::fs::copy(sound, &path).unwrap();
    drop(Sqlite::open(&path, None).unwrap());
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA ignore_check_constraints = on")
        .unwrap();
    db.execute_batch(spoil).unwrap();
    path
}

fn refused(path: &Path) -> String {
    let error = Sqlite::open(path, None).unwrap_err();
    assert!(error.to_string().contains("spoilt.db"), "{error}");
    error.source().unwrap().to_string()
}

#[test]
fn what_is_gone_or_another_runs_is_noticed_when_the_file_is_opened() {
    let sound = written("sound.db");
    for (spoil, why) in [
        ("DELETE FROM journal_index WHERE run = 2", "it has"),
        ("UPDATE journal_index SET run = 3 WHERE run = 2", "of run 3"),
        (
            "UPDATE journal_index SET rest = substr(rest, 3) WHERE run = 1",
            "of run 1",
        ),
        (
            "UPDATE journal_index SET rest = substr(rest, 1, 40)",
            "it has",
        ),
        (
            "UPDATE journal_index SET rest = zeroblob(length(rest))",
            "of run 1",
        ),
        (
            "UPDATE journal_index SET first = first + 1 WHERE run = 1",
            "of run 1",
        ),
        ("INSERT INTO journal_index VALUES (1, 8, x'')", "of run 1"),
        ("UPDATE journal_indexed SET up_to = up_to + 1", "it has"),
        ("UPDATE journal_indexed SET up_to = 40", "of run 1"),
        ("DELETE FROM journal_indexed", "goes is gone"),
        ("DELETE FROM journal WHERE seq = 9", "record 9 "),
        (
            "UPDATE journal SET run = 2, again = 2 WHERE seq = 9",
            "record 9 ",
        ),
        (
            "UPDATE journal SET run = 3 - run WHERE seq = (SELECT max(seq) - 2 FROM journal)",
            "CHECK",
        ),
        (
            "DELETE FROM journal WHERE seq = (SELECT max(seq) - 2 FROM journal)",
            "1 of the latest",
        ),
    ] {
        let told = refused(&spoilt(&sound, spoil));
        assert!(told.contains(why), "{spoil}: {told}");
    }
}

#[test]
fn an_index_that_is_damaged_is_made_anew_as_its_error_says() {
    let sound = written("whole.db");
    let gone = "DELETE FROM journal WHERE run = 1 AND seq <= (SELECT up_to FROM journal_indexed); \
                DELETE FROM journal_index WHERE run = 1";
    Connection::open(&sound)
        .unwrap()
        .execute_batch(gone)
        .unwrap();
    let wanted = Beside::open(&sound).unwrap().records(2).unwrap();
    let path = spoilt(&sound, "UPDATE journal_index SET first = 7 WHERE run = 2");
    let told = refused(&path);
    let sql = told.split('`').nth(1).unwrap();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let store = Sqlite::open(&path, None).unwrap();
    let found = store.reader().unwrap().records(2).unwrap();
    assert!(wanted.len() >= MANY / 2 && found == wanted);
    drop(store);
    drop(Sqlite::open(&path, None).unwrap());
}

#[test]
fn what_is_damaged_while_the_file_is_open_costs_its_run_alone() {
    let path = written("while.db");
    let mut store = Sqlite::open(&path, None).unwrap();
    let taken = |store: &mut Sqlite| {
        let claim = Claim {
            now: 9,
            most: 100,
            graphs: vec![1],
        };
        store.claim(&claim).unwrap()
    };
    let other = store.reader().unwrap().records(2).unwrap();
    let spoil = "UPDATE journal_index SET first = 2 WHERE run = 1";
    Connection::open(&path)
        .unwrap()
        .execute_batch(spoil)
        .unwrap();
    let claimed = taken(&mut store);
    let read: Vec<_> = claimed.iter().map(|it| it.records.is_ok()).collect();
    assert_eq!(read, [false, true], "the first is held");
    store
        .commit(&[end(1, Status::Failed, 5), end(2, Status::Failed, 9)])
        .unwrap();
    assert_eq!(store.prune(6, 9).unwrap(), 1);
    assert!(store.reader().unwrap().records(2).unwrap() == other);
    drop(store);
    drop(Sqlite::open(&path, None).unwrap());
}

#[test]
fn numbers_are_given_once_though_the_last_records_are_deleted() {
    let path = place("numbers.db");
    let mut store = Sqlite::open(&path, None).unwrap();
    let begun = [1, 2, 3].map(|run| Entry::Begin(new(run, &run.to_string()), None));
    store.commit(&begun).unwrap();
    let mut at = 0;
    for _ in 0..2 {
        write(&mut store, &[2, 1], 10, &mut at);
        store.commit(&[end(1, Status::Failed, 1)]).unwrap();
        assert_eq!(store.prune(2, 9).unwrap(), 1);
        write(&mut store, &[2], 40, &mut at);
        let left = Entry::Enqueue(new(at, &at.to_string()), Some(record(at, 1)));
        assert!(store.reader().unwrap().leave(&left).unwrap());
        drop(store);
        store = Sqlite::open(&path, None).unwrap();
        assert_eq!(store.reader().unwrap().records(at).unwrap().len(), 1);
        store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
    }
    let records = store.reader().unwrap().records(2).unwrap();
    assert_eq!(records.len(), 2 * (5 + 40));
    assert!(records.is_sorted_by_key(|record| record.at));
}

#[test]
fn where_numbers_come_to_an_end_nothing_of_the_batch_is_written() {
    let path = place("end.db");
    let mut store = Sqlite::open(&path, None).unwrap();
    store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
    let other = Connection::open(&path).unwrap();
    let sql = "INSERT INTO journal (seq, run, again, path, at, body, sum) VALUES (?1, 1, 1, '', 0, '', 0)";
    other.execute(sql, [i64::MAX - 3]).unwrap();
    let batch: Vec<_> = (0..40).map(|at| entry(1, at)).collect();
    let error = store.commit(&batch).unwrap_err();
    let source = error.source().unwrap().to_string();
    assert!(source.contains("no numbers are left"), "{source}");
    let count = "SELECT count(*) FROM journal";
    let count: i64 = other.query_row(count, (), |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn an_effect_that_fails_takes_no_number_wherever_it_stands() {
    let path = place("effects.db");
    let mut store = Sqlite::open(&path, None).unwrap();
    store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
    let effect = |name: String, goes_well: bool| {
        let work = Work::new(1, (name.clone(), name), Arc::new(SystemClock), move |_| {
            goes_well
                .then(|| RawValue::NULL.to_owned())
                .ok_or_else(|| Failure::terminal("no", "no"))
        });
        Entry::Work(work)
    };
    // Between records that one statement writes, and between such that come alone.
    let goes_well = |at: u64| match at {
        5 | 30 | 90 => Some(false),
        31 | 60 => Some(true),
        100.. if !at.is_multiple_of(3) => Some(at % 3 == 1),
        _ => None,
    };
    let batch: Vec<_> = (0..MANY as u64 + 100)
        .map(|at| match goes_well(at) {
            None => entry(1, at),
            Some(goes_well) => effect(format!("at {at}"), goes_well),
        })
        .collect();
    let mut refused = Vec::new();
    for (half, part) in batch.chunks(MANY + 41).enumerate() {
        let places = store.commit(part).unwrap();
        refused.extend(places.iter().map(|place| half * (MANY + 41) + place));
    }
    let fails = (0..).zip(0..batch.len() as u64);
    let fails = fails.filter(|(_, at)| goes_well(*at) == Some(false));
    assert!(fails.map(|(place, _)| place).eq(refused));
    drop(store);
    let store = Sqlite::open(&path, None).unwrap();
    let records = store.reader().unwrap().records(1).unwrap();
    let paths = records.iter().map(|record| record.path.clone());
    let wanted = (0..MANY as u64 + 100).filter(|at| goes_well(*at) != Some(false));
    assert!(paths.eq(wanted.map(|at| format!("at {at}"))));
}

#[test]
fn records_of_one_run_may_be_far_apart() {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(super::connect::SCHEMA).unwrap();
    let mut index = Index::open(&db).unwrap();
    let far = [1, 2, 65_537, 65_538, 131_074];
    for number in 1..=131_074 {
        let run = if far.contains(&number) { 7 } else { 8 };
        assert_eq!(index.next(run), number);
    }
    index.write_many(&db).unwrap();
    assert_eq!(indexed(&db, 7).unwrap(), far);
    assert_eq!(indexed(&db, 8).unwrap().len(), 131_074 - far.len());
}

fn reads(store: &Sqlite, pragma: &str) -> i64 {
    let read = store
        .connection
        .pragma_query_value(None, pragma, |row| row.get(0));
    read.unwrap()
}

#[test]
fn what_the_tables_sql_sets_is_not_the_journals() {
    let path = place("sets.db");
    let tables = "PRAGMA synchronous; PRAGMA foreign_keys = OFF; PRAGMA cache_size = 7; \
                  CREATE TABLE IF NOT EXISTS booked (cents INTEGER)";
    for _ in 0..2 {
        let store = Sqlite::open(&path, Some(tables)).unwrap();
        assert_eq!(store.synchronous(), 2);
        assert_eq!(reads(&store, "wal_autocheckpoint"), 0);
        assert_eq!(reads(&store, "foreign_keys"), 1);
        assert_ne!(reads(&store, "cache_size"), 7);
        let sql = "INSERT INTO booked VALUES (5)";
        assert_eq!(store.connection.execute(sql, ()).unwrap(), 1);
    }
}

#[test]
fn tables_sql_that_sets_what_is_the_journals_is_refused_and_does_not() {
    let set = [
        ("user_version", "PRAGMA user_version = 3"),
        ("application_id", "PRAGMA main.application_id(3)"),
        ("synchronous", "PRAGMA Synchronous = OFF"),
        ("journal_mode", "PRAGMA journal_mode = DELETE"),
        ("wal_autocheckpoint", "PRAGMA wal_autocheckpoint = 7"),
        ("wal_checkpoint", "PRAGMA wal_checkpoint"),
        ("wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)"),
    ];
    for (at, (pragma, sql)) in set.into_iter().enumerate() {
        let path = place(&format!("{at}-{pragma}.db"));
        drop(Sqlite::open(&path, None).unwrap());
        for _ in 0..2 {
            let tables = format!("{sql}; CREATE TABLE booked (cents INTEGER)");
            let error = Sqlite::open(&path, Some(&tables)).unwrap_err();
            let source = error.source().unwrap().to_string();
            let named = format!("`PRAGMA {pragma}`");
            assert!(
                source.contains(&named) && source.contains("take that out"),
                "{source}"
            );
        }
        let mut store = Sqlite::open(&path, None).unwrap();
        store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
    }
}

#[test]
fn tables_sql_that_fails_or_does_not_end_leaves_a_journal() {
    let path = place("leaves.db");
    let version = "PRAGMA user_version = 3";
    for sql in ["CREATE TABLE runs (run)", "BEGIN", "BEGIN; COMMIT; no"] {
        let tables = format!("{sql}; {version}");
        Sqlite::open(&path, Some(&tables)).unwrap_err();
        let tables = format!("{version}; {sql}");
        Sqlite::open(&path, Some(&tables)).unwrap_err();
    }
    let begun = Sqlite::open(&path, Some("BEGIN; CREATE TABLE booked (cents INTEGER)"));
    let source = begun.unwrap_err().source().unwrap().to_string();
    assert!(source.contains("add a `COMMIT`"), "{source}");
    let mut store = Sqlite::open(&path, None).unwrap();
    store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
}

/// An effect of a run that books something, after which it may fail.
fn books(run: u64, sql: &'static str, goes_well: bool) -> Work {
    let at = ("book".to_owned(), "book".to_owned());
    Work::new(run, at, Arc::new(SystemClock), move |database| {
        let Database::Sqlite(db) = database else {
            return Err(Failure::terminal("test.other", "another database"));
        };
        db.execute_batch(sql)?;
        goes_well
            .then(|| RawValue::NULL.to_owned())
            .ok_or_else(|| Failure::terminal("book.no", "no"))
    })
}

#[test]
fn an_effect_that_breaks_what_waits_for_the_commit_fails_alone() {
    let path = place("deferred.db");
    let tables = "CREATE TABLE IF NOT EXISTS booked (cents INTEGER PRIMARY KEY, \
                  part_of INTEGER REFERENCES booked DEFERRABLE INITIALLY DEFERRED)";
    let mut store = Sqlite::open(&path, Some(tables)).unwrap();
    let begun: Vec<_> = (1..=6)
        .map(|run| Entry::Begin(new(run, &run.to_string()), None))
        .collect();
    store.commit(&begun).unwrap();
    let works = [
        books(1, "INSERT INTO booked VALUES (10, NULL)", true),
        books(2, "INSERT INTO booked VALUES (20, 21)", true),
        books(3, "INSERT INTO booked VALUES (30, NULL)", false),
        books(
            4,
            "INSERT INTO booked VALUES (40, 41); INSERT INTO booked VALUES (41, 40)",
            true,
        ),
        books(5, "INSERT INTO booked VALUES (50, 51)", true),
    ];
    let acted = works.iter().map(|work| Entry::Work(work.clone()));
    let more = (0..MANY as u64).map(|at| entry(6, at));
    let post = |run| Entry::Post {
        run,
        body: Body::Text("1".to_owned()),
    };
    let batch: Vec<_> = [post(9)]
        .into_iter()
        .chain(more)
        .chain(acted)
        .chain([post(9), entry(2, 1)])
        .collect();
    let first = MANY + 1;
    let refused = [0, first + 1, first + 2, first + 4, first + 5];
    assert_eq!(store.commit(&batch).unwrap(), refused);
    for (work, goes_well) in works.iter().zip([true, false, false, true, false]) {
        assert_eq!(work.take().unwrap().is_ok(), goes_well, "{work:?}");
    }
    let sql = "SELECT group_concat(cents, ' ') FROM (SELECT cents FROM booked ORDER BY cents)";
    let booked: String = store
        .connection
        .query_row(sql, (), |row| row.get(0))
        .unwrap();
    assert_eq!(booked, "10 40 41");
    let mut at = 100;
    write(&mut store, &[1, 6], 40, &mut at);
    drop(store);
    let store = Sqlite::open(&path, Some(tables)).unwrap();
    let all = all(&mut *store.reader().unwrap(), 6);
    let counts: Vec<_> = all.iter().map(Vec::len).collect();
    assert_eq!(counts, [21, 1, 0, 1, 0, MANY + 20]);
}

/// Somebody who writes, until the journal has asked twice.
static WRITER: Mutex<Option<Connection>> = Mutex::new(None);
static ASKED: AtomicU32 = AtomicU32::new(0);

/// Gives up the first time, and ends the other's transaction the second time.
fn ask(_: i32) -> bool {
    let again = ASKED.fetch_add(1, Ordering::Relaxed) % 2 == 1;
    if again {
        drop(WRITER.lock().unwrap().take());
    }
    again
}

#[test]
fn who_writes_for_long_is_waited_for() {
    let path = place("busy.db");
    let mut store = Sqlite::open(&path, None).unwrap();
    store.connection.busy_handler(Some(ask)).unwrap();
    let writes = || {
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        *WRITER.lock().unwrap() = Some(other);
    };
    writes();
    store.commit(&[Entry::Begin(new(1, "1"), None)]).unwrap();
    store.commit(&[Entry::Park { run: 1, wake: 0 }]).unwrap();
    writes();
    let claim = Claim {
        now: 9,
        most: 100,
        graphs: vec![1],
    };
    assert_eq!(store.claim(&claim).unwrap().len(), 1);
    writes();
    store.graphs(&[]).unwrap();
    writes();
    assert_eq!(store.prune(9, 9).unwrap(), 0);
    writes();
    Index::open(&store.connection).unwrap();
    assert_eq!(ASKED.load(Ordering::Relaxed), 10);
}
