//! What the disk and `SQLite` allow: bare commits, `synchronous=FULL`, with nothing around them.

use std::path::Path;
use std::sync::Arc;

use enact_peers_cell::{Cell, Measured, Outcome, STEPS, Server, closed_loop, step};
use rusqlite::Connection;
use tokio::sync::{Mutex, mpsc, oneshot};

/// How many rows one commit takes at most.
const GROUP: usize = 256;

/// A row of a run, and whom to tell when it is on disk.
type Row = (u64, oneshot::Sender<()>);

/// Five commits in a row for each run, one run after the other.
pub(crate) async fn commits(cell: &Cell) -> Outcome<Measured> {
    let bare = Arc::new(Mutex::new(open(&cell.folder.join("bare.db"))?));
    closed_loop(cell, &Server::None, move |from| {
        let bare = Arc::clone(&bare);
        async move {
            let bare = bare.lock().await;
            let mut at = from;
            for _ in 0..STEPS {
                at = step(at);
                commit(&bare, [at])?;
            }
            Ok(at)
        }
    })
    .await
}

/// Five rows for each run, one after the other; rows of different runs share a commit.
pub(crate) async fn groups(cell: &Cell) -> Outcome<Measured> {
    let bare = open(&cell.folder.join("bare.db"))?;
    let (sender, receiver) = mpsc::channel(GROUP);
    let writer = std::thread::spawn(move || write(&bare, receiver));
    let measured = closed_loop(cell, &Server::None, move |from| {
        let sender = sender.clone();
        async move {
            let mut at = from;
            for _ in 0..STEPS {
                at = step(at);
                let (written, on_disk) = oneshot::channel();
                sender.send((at, written)).await?;
                on_disk.await?;
            }
            Ok(at)
        }
    })
    .await?;
    writer.join().map_err(|_| "the writer panicked")??;
    Ok(measured)
}

/// Writes as many rows at once as are there.
fn write(bare: &Connection, mut rows: mpsc::Receiver<Row>) -> Outcome<()> {
    let mut group = Vec::with_capacity(GROUP);
    while rows.blocking_recv_many(&mut group, GROUP) > 0 {
        commit(bare, group.iter().map(|(at, _)| *at))?;
        for (_, written) in group.drain(..) {
            // Who no longer waits needs not be told.
            let _ = written.send(());
        }
    }
    Ok(())
}

fn open(path: &Path) -> Outcome<Connection> {
    let bare = Connection::open(path)?;
    bare.pragma_update(None, "journal_mode", "wal")?;
    bare.pragma_update(None, "synchronous", "full")?;
    bare.execute_batch(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, run INTEGER, path TEXT, body TEXT)",
    )?;
    Ok(bare)
}

fn commit(bare: &Connection, rows: impl IntoIterator<Item = u64>) -> Outcome<()> {
    let transaction = bare.unchecked_transaction()?;
    {
        let sql = "INSERT INTO journal (run, path, body) VALUES (?1, ?2, ?3)";
        let mut insert = transaction.prepare_cached(sql)?;
        for row in rows {
            let row = i64::try_from(row)?;
            insert.execute((row, "three", r#"{"is":"step","outcome":{"answer":4}}"#))?;
        }
    }
    transaction.commit()?;
    Ok(())
}
