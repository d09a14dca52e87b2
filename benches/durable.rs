//! Durable runs of five trivial writes, beside as many bare `SQLite` commits on the same disk.
//!
//! Aims: one at a time, at most 1.3 times five bare commits; 256 in flight, at least 60 % of the rate
//! at which a bare append-only table takes the same rows with 256 rows' worth of work in flight.

mod five;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use enact::prelude::*;
use enact::workflow::engine::Engine;
use rusqlite::Connection;

use self::five::{Outcome, alone, many, one, together};

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable-bench");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let engine =
        runtime.block_on(async { Engine::open(folder.join("runs.db"), &Context::new()) })?;
    let bare = bare(&folder.join("bare.db"))?;
    let mut out = std::io::stdout().lock();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..300 {
        let begun = Instant::now();
        runtime.block_on(one(&engine, format!("one-{n}")))?;
        ours.push(begun.elapsed());
        let begun = Instant::now();
        for _ in 0..5 {
            commit(&bare, 1)?;
        }
        theirs.push(begun.elapsed());
    }
    writeln!(out, "{}", alone(&mut ours, &mut theirs))?;

    for flight in [64, 256] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..7 {
            let begun = Instant::now();
            runtime.block_on(many(&engine, &format!("{flight}-{round}"), flight))?;
            ours.push(begun.elapsed());
            let begun = Instant::now();
            // A run is a row, five records and an end: seven rows, in as many commits.
            for _ in 0..7 {
                commit(&bare, flight)?;
            }
            theirs.push(begun.elapsed());
        }
        writeln!(out, "{}", together(flight, &mut ours, &mut theirs))?;
    }
    Ok(())
}

fn bare(path: &PathBuf) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, run INTEGER, path TEXT, body TEXT)",
    )?;
    Ok(connection)
}

fn commit(connection: &Connection, rows: u32) -> Outcome<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = "INSERT INTO journal (run, path, body) VALUES (?1, ?2, ?3)";
        let mut insert = transaction.prepare_cached(sql)?;
        for row in 0..rows {
            insert.execute((row, "three", r#"{"is":"step","outcome":{"answer":4}}"#))?;
        }
    }
    transaction.commit()?;
    Ok(())
}
