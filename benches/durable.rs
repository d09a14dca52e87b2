//! Durable runs of five trivial writes, beside as many bare `SQLite` commits on the same disk.
//!
//! Aims: one at a time, at most 1.3 times five bare commits; 256 in flight, at least 60 % of the rate
//! at which as many tasks get five rows each into a bare append-only table, one after the other, through one
//! thread that writes what waits under one sync. Such a task has neither a start nor an end, of which a run has both
//! on disk. Its rows have 256 bytes, as those of the measurement that the aim was taken from; a second table has rows as
//! short as such a step's record, 38 bytes.

mod five;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use enact::prelude::*;
use enact::workflow::engine::Engine;
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use self::five::{Outcome, alone, many, one, together};

/// As much as the record of such a step.
const SHORT: &str = r#"{"is":"step","outcome":{"answer":4}}"#;

/// How often each is measured, in turn.
const ROUNDS: u32 = 25;

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
    let group = Group::over(self::bare(&folder.join("group.db"))?, &"x".repeat(256));
    let short = Group::over(self::bare(&folder.join("short.db"))?, SHORT);
    let mut out = std::io::stdout().lock();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..300 {
        let begun = Instant::now();
        runtime.block_on(one(&engine, format!("one-{n}")))?;
        ours.push(begun.elapsed());
        let begun = Instant::now();
        for _ in 0..5 {
            commit(&bare, 1, SHORT)?;
        }
        theirs.push(begun.elapsed());
    }
    writeln!(out, "{}", alone(&mut ours, &mut theirs))?;

    let turns = Turns {
        runtime,
        engine,
        group,
        short,
    };
    // A file whose write-ahead log still grows takes twice as long to sync.
    for whose in [Whose::Ours, Whose::Group, Whose::Short] {
        turns.take(whose, "warm-up", 256)?;
    }
    for flight in [64, 256] {
        turns.beside(flight, &mut out)?;
    }
    Ok(())
}

/// All that is measured in turns.
struct Turns {
    runtime: Runtime,
    engine: Engine,
    group: Group,
    short: Group,
}

#[derive(Clone, Copy)]
enum Whose {
    Ours,
    Group,
    Short,
}

impl Turns {
    fn beside(&self, flight: u32, out: &mut impl Write) -> Outcome<()> {
        let (mut ours, mut theirs, mut shorter) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let mut turns = [
                (Whose::Ours, &mut ours),
                (Whose::Group, &mut theirs),
                (Whose::Short, &mut shorter),
            ];
            // Whoever comes after something dear finds the disk otherwise.
            if round % 2 == 1 {
                turns.reverse();
            }
            for (whose, times) in turns {
                times.push(self.take(whose, &format!("{flight}-{round}"), flight)?);
            }
        }
        let count = count(flight);
        writeln!(out, "{}", together(flight, count, &ours, &theirs))?;
        let beside = together(flight, count, &ours, &shorter);
        writeln!(out, "  of 38 bytes each: {beside}")?;
        Ok(())
    }

    fn take(&self, whose: Whose, name: &str, flight: u32) -> Outcome<Duration> {
        let count = count(flight);
        let begun = Instant::now();
        match whose {
            Whose::Ours => self
                .runtime
                .block_on(many(&self.engine, name, count, flight))?,
            Whose::Group => self.runtime.block_on(self.group.many(count, flight))?,
            Whose::Short => self.runtime.block_on(self.short.many(count, flight))?,
        }
        Ok(begun.elapsed())
    }
}

/// How many runs a turn has, with so many in flight.
fn count(flight: u32) -> u32 {
    flight * 40
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

/// A bare group commit: whoever has a row hands it to one thread, which writes all that wait under one sync.
struct Group(mpsc::Sender<oneshot::Sender<()>>);

impl Group {
    fn over(connection: Connection, body: &str) -> Self {
        let body = body.to_owned();
        let (rows, waiting) = mpsc::channel::<oneshot::Sender<()>>();
        std::thread::spawn(move || {
            while let Ok(first) = waiting.recv() {
                let group: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
                // Whoever waits hears of an error as of one who is gone.
                if commit(&connection, group.len(), &body).is_ok() {
                    for row in group {
                        let (Ok(()) | Err(())) = row.send(());
                    }
                }
            }
        });
        Self(rows)
    }

    /// So many tasks that write five rows each, one after the other.
    async fn many(&self, count: u32, flight: u32) -> Outcome<()> {
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            if tasks.len() >= flight as usize
                && let Some(ended) = tasks.join_next().await
            {
                ended??;
            }
            let rows = self.0.clone();
            tasks.spawn(async move {
                for _ in 0..5 {
                    let (row, written) = oneshot::channel();
                    rows.send(row).map_err(|error| error.to_string())?;
                    written.await.map_err(|error| error.to_string())?;
                }
                Ok::<_, String>(())
            });
        }
        for ended in tasks.join_all().await {
            ended?;
        }
        Ok(())
    }
}

fn commit(connection: &Connection, rows: usize, body: &str) -> Outcome<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = "INSERT INTO journal (run, path, body) VALUES (?1, ?2, ?3)";
        let mut insert = transaction.prepare_cached(sql)?;
        for row in 0..rows {
            insert.execute((row.cast_signed(), "three", body))?;
        }
    }
    transaction.commit()?;
    Ok(())
}
