//! What each store keeps, and what the writer promises when one fails.

use std::ops::Range;
use std::sync::{Arc, mpsc};

use super::{
    Body, Claim, Claimed, Entry, GraphRow, Mail, Memory, NewRun, Reader, Record, Store, StoreError,
    Writer, conforms,
};

fn record(path: &str) -> Entry {
    let body = Body::Text("{}".to_owned());
    Entry::Record {
        run: 1,
        record: Record::new(1, path.to_owned(), 0, body),
        mail: None,
    }
}

pub(super) fn new(run: u64, id: &str) -> Arc<NewRun> {
    Arc::new(NewRun {
        run,
        id: id.to_owned(),
        workflow: "order".to_owned(),
        version: 1,
        graph: 1,
        input: Body::Text("{}".to_owned()),
        started: 0,
        sum: 0,
    })
}

fn begin(run: u64, id: &str) -> Entry {
    Entry::Begin(new(run, id), None)
}

#[test]
fn memory_conforms() {
    let mut kept = Memory::default();
    let open = || -> Box<dyn Store> {
        kept = kept.reopened();
        Box::new(kept.reopened())
    };
    conforms(open).unwrap();
}

#[test]
fn what_a_worker_had_before_it_was_reopened_it_can_write_no_more() {
    let mut before = Memory::default();
    let mut after = before.reopened();
    assert!(before.commit(&[record("x")]).is_err());
    assert!(after.commit(&[record("x")]).is_ok());
}

#[test]
fn a_record_that_was_touched_is_found_out() {
    let record = Record::new(
        1,
        "a".to_owned(),
        5,
        Body::Text(r#"{"is":"emitted"}"#.to_owned()),
    );
    assert!(record.what(1).is_ok());
    let moved = Record {
        path: "b".to_owned(),
        ..record.clone()
    };
    let later = Record {
        at: 6,
        ..record.clone()
    };
    let other = Record {
        body: Body::Text(r#"{"is":"undone"}"#.to_owned()),
        ..record.clone()
    };
    for touched in [moved, later, other] {
        let damage = touched.what(1).unwrap_err();
        assert!(
            damage.to_string().contains("is damaged; restore"),
            "{damage}"
        );
    }
    assert!(record.what(2).is_err(), "it is of another run");
}

#[cfg(feature = "sqlite")]
mod file {
    use std::path::PathBuf;

    use enact_action_core::Failure;
    use serde_json::value::RawValue;

    use super::super::sqlite::{Beside, Sqlite};
    use super::*;
    use crate::clock::SystemClock;
    use crate::journal::Work;

    fn place(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("enact-journal-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(name)
    }

    #[test]
    fn a_file_conforms() {
        let path = place("conforms.db");
        conforms(|| Box::new(Sqlite::open(&path, None).unwrap())).unwrap();
        // 2 is FULL, the setting under which a commit survives a loss of power.
        assert_eq!(Sqlite::open(&path, None).unwrap().synchronous(), 2);
    }

    fn effect(name: &str, goes_well: bool) -> Entry {
        let place = (name.to_owned(), name.to_owned());
        let work = Work::new(1, place, Arc::new(SystemClock), move |_| {
            goes_well
                .then(|| RawValue::NULL.to_owned())
                .ok_or_else(|| Failure::terminal("no", "no"))
        });
        Entry::Work(work)
    }

    #[test]
    fn many_records_of_one_batch_stand_in_order_around_effects_and_without_those_that_failed() {
        let mut store = Sqlite::open(&place("many.db"), None).unwrap();
        let mut batch = vec![begin(1, "a"), begin(2, "b")];
        let mut wanted = [Vec::new(), Vec::new()];
        for n in 0..70_u64 {
            let (run, path) = (n % 2 + 1, n.to_string());
            wanted[(n % 2) as usize].push(path.clone());
            let record = Record::new(run, path, n, Body::Text("{}".to_owned()));
            let mail = None;
            batch.push(Entry::Record { run, record, mail });
            if n == 20 {
                batch.push(effect("failed", false));
            }
            if n == 38 {
                batch.push(effect("done", true));
                wanted[0].push("done".to_owned());
            }
        }
        assert_eq!(store.commit(&batch).unwrap(), [2 + 21]);
        let mut reader = store.reader().unwrap();
        let paths = [1, 2].map(|run| {
            let records = reader.records(run).unwrap();
            records
                .into_iter()
                .map(|record| record.path)
                .collect::<Vec<_>>()
        });
        assert_eq!(paths, wanted);
    }

    #[test]
    fn one_process_has_it_and_others_look_on() {
        let path = place("beside.db");
        assert!(Beside::open(&path).is_err(), "there is none yet");
        let _held = Sqlite::open(&path, None).unwrap();
        assert!(Sqlite::open(&path, None).is_err());
        let mut beside = Beside::open(&path).unwrap();
        assert!(beside.find("a").unwrap().is_none());
        assert!(
            beside.leave(&record("x")).is_err(),
            "only who runs it records"
        );
    }

    #[test]
    fn a_file_of_another_version_is_refused_with_what_to_do() {
        let path = place("later.db");
        drop(Sqlite::open(&path, None).unwrap());
        let other = rusqlite::Connection::open(&path).unwrap();
        other.pragma_update(None, "user_version", 99).unwrap();
        drop(other);
        let error = Sqlite::open(&path, None).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("its version is 99"), "{cause}");
    }

    #[test]
    fn another_programs_file_is_left_alone() {
        let path = place("other.db");
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE theirs (a)").unwrap();
        drop(other);
        assert!(Sqlite::open(&path, None).is_err());
    }
}

/// A store whose disk is full from the n-th commit on; then it says that it is asked, and fails when told.
struct Full {
    left: u32,
    asked: mpsc::Sender<()>,
    told: mpsc::Receiver<()>,
}

/// Such a store, that it is asked, and how it is told.
fn full(left: u32) -> (Full, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let ((asked, is_asked), (tell, told)) = (mpsc::channel(), mpsc::channel());
    (Full { left, asked, told }, is_asked, tell)
}

impl Store for Full {
    fn commit(&mut self, _: &[Entry]) -> Result<Vec<usize>, StoreError> {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return Ok(Vec::new());
        }
        let _ = self.asked.send(());
        let _ = self.told.recv();
        Err(StoreError::new("write to", "a full disk", "no space left"))
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        Ok(1..most)
    }

    fn claim(&mut self, _: &Claim) -> Result<Vec<Claimed>, StoreError> {
        Ok(Vec::new())
    }

    fn next_wake(&mut self, _: &[u64]) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    fn mail(&mut self, _: usize) -> Result<Vec<Mail>, StoreError> {
        Ok(Vec::new())
    }

    fn graphs(&mut self, _: &[GraphRow]) -> Result<(), StoreError> {
        Ok(())
    }

    fn prune(&mut self, _: u64, _: usize) -> Result<usize, StoreError> {
        Ok(0)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Memory::default().reader()
    }
}

#[tokio::test]
async fn after_a_write_that_failed_nothing_is_acknowledged() {
    let (store, _, tell) = full(2);
    let writer = Writer::start(Box::new(store)).unwrap();
    drop(tell);
    for n in 0..2 {
        let written = writer.write(record(&n.to_string())).await.unwrap();
        writer.synced(written).await.unwrap();
    }
    let third = writer.write(record("third")).await.unwrap();
    let error: Arc<StoreError> = writer.synced(third).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not write to the journal a full disk"
    );
    // The queue is closed a moment after that is said, and nothing in it is ever acknowledged.
    while let Ok(later) = writer.write(record("later")).await {
        assert!(writer.synced(later).await.is_err());
    }
}

/// Keeps a writer from taking more until the other is sent, or gone.
async fn held(writer: &Writer, until: mpsc::Receiver<()>) {
    let held = writer.with(move |_| {
        let _ = until.recv();
        Ok(())
    });
    held.await.unwrap();
}

async fn is_there(writer: &Writer, id: &'static str) -> bool {
    let looks = writer.with(move |store| Ok(store.reader()?.find(id)?.is_some()));
    looks.await.unwrap()
}

#[tokio::test]
async fn what_is_taken_at_once_is_done_in_order_and_each_hears_of_its_own() {
    let writer = Writer::start(Box::new(Memory::default())).unwrap();
    let (go_on, until) = mpsc::channel();
    let ((), first, there, later, synced, again, other, ()) = tokio::join!(
        held(&writer, until),
        writer.ask(begin(1, "a")),
        is_there(&writer, "a"),
        is_there(&writer, "b"),
        async {
            let written = writer.write(record("x")).await.unwrap();
            writer.synced(written).await
        },
        writer.ask(begin(2, "a")),
        writer.ask(begin(3, "b")),
        async { drop(go_on) },
    );
    assert!(synced.is_ok());
    assert_eq!((there, later), (true, false), "works see what came before");
    let taken = [first, again, other].map(Result::unwrap);
    assert_eq!(taken, [true, false, true]);
    assert!(is_there(&writer, "b").await);
}

#[tokio::test]
async fn where_the_second_of_two_commits_fails_who_asked_before_was_told_that_it_is_there() {
    let (store, _, tell) = full(1);
    drop(tell);
    let writer = Writer::start(Box::new(store)).unwrap();
    let (go_on, until) = mpsc::channel();
    let ((), first, there, second, synced, ()) = tokio::join!(
        held(&writer, until),
        writer.ask(record("first")),
        is_there(&writer, "a"),
        writer.ask(record("second")),
        async {
            let written = writer.write(record("third")).await.unwrap();
            writer.synced(written).await
        },
        async { drop(go_on) },
    );
    assert!(first.unwrap() && !there);
    assert!(second.is_err() && synced.is_err());
}

#[tokio::test]
async fn whoever_asks_while_a_write_fails_hears_of_it() {
    let (store, is_asked, tell) = full(0);
    let writer = Writer::start(Box::new(store)).unwrap();
    writer.write(record("first")).await.unwrap();
    is_asked.recv().unwrap();
    // The writer is in the midst of it, so this waits behind, and then there is no writer any more.
    let (asked, ()) = tokio::join!(writer.ask(record("second")), async { drop(tell) });
    assert!(asked.is_err());
}

#[tokio::test]
async fn whoever_asks_for_what_fails_hears_why() {
    // The reason is told by another thread than the one that asks.
    for _ in 0..200 {
        let (store, _, tell) = full(0);
        let writer = Writer::start(Box::new(store)).unwrap();
        drop(tell);
        let error = writer.ask(record("first")).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not write to the journal a full disk"
        );
    }
}

#[tokio::test]
async fn whoever_waits_for_a_store_that_panics_hears_of_it() {
    let writer = Writer::start(Box::new(Memory::default())).unwrap();
    let panics = writer.with(|_| -> Result<(), StoreError> { panic!("a store's own fault") });
    let error = panics.await.unwrap_err();
    assert!(
        crate::engine::reason(&*error).contains("panicked"),
        "{error}"
    );
    assert!(writer.write(record("later")).await.is_err());
}

#[tokio::test]
async fn a_closed_writer_has_written_what_it_was_given() {
    let memory = Memory::default();
    let reader = memory.reader().unwrap();
    let writer = Writer::start(Box::new(memory)).unwrap();
    for n in 0..100 {
        let note = Entry::Note {
            name: "n".to_owned(),
            body: Body::of(&n).unwrap(),
        };
        writer.write(note).await.unwrap();
    }
    writer.close();
    let mut reader = reader;
    assert_eq!(reader.note("n").unwrap(), Some(Body::of(&99).unwrap()));
    assert!(writer.write(record("later")).await.is_err());
}
