//! What every store keeps, and what the writer promises when one fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::store::{Entry, Finder, NewRun, RunRow, Store, StoreError};
use super::{Ending, Memory, Record, Status, What, Writer};

fn begin(run: u64, id: &str) -> Entry {
    Entry::Begin(NewRun {
        run,
        id: id.to_owned(),
        workflow: "order".to_owned(),
        version: 1,
        graph: u64::MAX,
        input: json!({ "n": run }),
        started: 5,
    })
}

fn record(run: u64, path: &str) -> Entry {
    Entry::Record {
        run,
        record: Record {
            path: path.to_owned(),
            what: What::Branch { arm: 1 },
        },
    }
}

fn end(run: u64) -> Entry {
    let ending = Ending {
        status: Status::Answered,
        body: json!("done"),
    };
    Entry::End { run, ending, at: 9 }
}

/// What is committed is there, run by run and in order; what has ended is no longer open.
fn conforms(store: &mut dyn Store) {
    assert_eq!(store.last_run().unwrap(), 0);
    let batch = [
        begin(1, "a"),
        begin(2, "b"),
        record(1, "x"),
        record(2, "y"),
        record(1, "z"),
    ];
    store.commit(&batch).unwrap();
    store.commit(&[end(2), record(1, "w")]).unwrap();
    let open = store.open_runs().unwrap();
    let paths: Vec<&str> = open[0].1.iter().map(|record| &*record.path).collect();
    assert_eq!(
        (open.len(), &*open[0].0.new.id, paths),
        (1, "a", vec!["x", "z", "w"])
    );
    let finder = store.finder().unwrap();
    let ended: RunRow = finder.find("b").unwrap().unwrap();
    assert_eq!(
        (ended.status, ended.ended),
        (Status::Answered, Some((json!("done"), 9)))
    );
    assert_eq!(
        (ended.new.graph, ended.new.input),
        (u64::MAX, json!({ "n": 2 }))
    );
    assert!(finder.find("c").unwrap().is_none());
    let listed: Vec<u64> = finder
        .list(1)
        .unwrap()
        .iter()
        .map(|row| row.new.run)
        .collect();
    assert_eq!((listed, store.last_run().unwrap()), (vec![2], 2));
}

#[test]
fn memory_conforms() {
    conforms(&mut Memory::default());
}

#[cfg(feature = "sqlite")]
mod file {
    use super::super::Sqlite;
    use super::*;

    fn place(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("enact-journal-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(name)
    }

    #[test]
    fn a_file_conforms_and_is_there_again() {
        let path = place("conforms.db");
        conforms(&mut Sqlite::open(&path).unwrap());
        let mut again = Sqlite::open(&path).unwrap();
        assert_eq!(again.open_runs().unwrap().len(), 1);
        // 2 is FULL, the setting under which a commit survives a loss of power.
        assert_eq!(again.synchronous(), 2);
    }

    #[test]
    fn a_file_of_another_version_is_refused_with_what_to_do() {
        let path = place("later.db");
        drop(Sqlite::open(&path).unwrap());
        let other = rusqlite::Connection::open(&path).unwrap();
        other.pragma_update(None, "user_version", 99).unwrap();
        drop(other);
        let error = Sqlite::open(&path).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("its version is 99"), "{cause}");
    }

    #[test]
    fn another_programs_file_is_left_alone() {
        let path = place("other.db");
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE theirs (a)").unwrap();
        drop(other);
        assert!(Sqlite::open(&path).is_err());
    }
}

/// A store whose disk is full from the n-th commit on.
struct Full(AtomicU32);

impl Store for Full {
    fn commit(&mut self, _: &[Entry]) -> Result<(), StoreError> {
        match self.0.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(StoreError::new("write to", "a full disk", "no space left")),
            _ => Ok(()),
        }
    }

    fn open_runs(&mut self) -> Result<Vec<(RunRow, Vec<Record>)>, StoreError> {
        Ok(Vec::new())
    }

    fn last_run(&mut self) -> Result<u64, StoreError> {
        Ok(0)
    }

    fn finder(&self) -> Result<Box<dyn Finder>, StoreError> {
        Memory::default().finder()
    }
}

#[tokio::test]
async fn after_a_write_that_failed_nothing_is_acknowledged() {
    let writer = Writer::start(Box::new(Full(AtomicU32::new(2)))).unwrap();
    for n in 0..2 {
        let written = writer.write(record(1, &n.to_string())).await.unwrap();
        writer.synced(written).await.unwrap();
    }
    let third = writer.write(record(1, "third")).await.unwrap();
    let error: Arc<StoreError> = writer.synced(third).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not write to the journal a full disk"
    );
    while writer.write(record(1, "fourth")).await.is_ok() {}
}
