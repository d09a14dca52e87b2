//! What a log's file has, read without the log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// What a log's file has.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// The ids of the signals, in the order of their numbers, which have no gaps.
    pub(super) signals: Vec<String>,
    pub(super) subscriptions: BTreeMap<String, Settled>,
}

/// What a subscription has settled.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    /// The ids of what is settled, dead letters among them.
    pub(super) done: BTreeSet<String>,
    pub(super) dead: BTreeSet<String>,
    /// How many attempts were begun of what is open.
    pub(super) attempts: BTreeMap<String, u32>,
}

/// Reads the log in a folder, and leaves the folder as it is.
///
/// # Errors
/// Where the file can't be read, or its numbers have a gap.
pub(super) fn read(folder: &Path) -> Result<Kept, String> {
    let copy = folder.join("copy");
    std::fs::create_dir(&copy).unwrap();
    for file in ["signals.db", "signals.db-wal", "signals.db-journal"] {
        let from = folder.join(file);
        if from.exists() {
            std::fs::copy(from, copy.join(file)).unwrap();
        }
    }
    let found = query(&copy.join("signals.db"));
    std::fs::remove_dir_all(&copy).unwrap();
    found.map_err(|error| error.to_string())?
}

fn query(path: &Path) -> rusqlite::Result<Result<Kept, String>> {
    let mut kept = Kept::default();
    if !path.exists() {
        return Ok(Ok(kept));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let sql = "SELECT count(*) FROM sqlite_schema";
    if connection.query_row(sql, (), |row| row.get::<_, u32>(0))? == 0 {
        return Ok(Ok(kept));
    }
    let sql = "SELECT seq, json_extract(CAST(body AS TEXT), '$.id') FROM signal_log ORDER BY seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        kept.signals.push(row.get(1)?);
        if row.get::<_, u32>(0)? as usize != kept.signals.len() {
            return Ok(Err(format!("signal {} is left out", kept.signals.len())));
        }
    }
    let sql = "SELECT number, name, cursor FROM signal_subscriptions";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        match settled(&connection, &kept.signals, row.get(0)?, row.get(2)?)? {
            Ok(settled) => kept.subscriptions.insert(row.get(1)?, settled),
            Err(lost) => return Ok(Err(lost)),
        };
    }
    Ok(Ok(kept))
}

fn settled(
    connection: &Connection,
    signals: &[String],
    subscription: u32,
    cursor: u32,
) -> rusqlite::Result<Result<Settled, String>> {
    let mut settled = Settled::default();
    let sql = "SELECT max(?2, (SELECT coalesce(max(seq), 0) FROM signal_deliveries WHERE subscription = ?1), \
               (SELECT coalesce(max(seq), 0) FROM signal_dead WHERE subscription = ?1))";
    let last: u32 = connection.query_row(sql, (subscription, cursor), |row| row.get(0))?;
    if last as usize > signals.len() {
        return Ok(Err(format!("signal {last} was given out and is not there")));
    }
    let id = |sequence: u32| signals[sequence as usize - 1].clone();
    settled.done.extend((1..=cursor).map(id));
    let sql = "SELECT seq, state, attempts FROM signal_deliveries WHERE subscription = ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([subscription])?;
    while let Some(row) = rows.next()? {
        let id = id(row.get(0)?);
        if row.get::<_, u32>(1)? == 1 {
            settled.done.insert(id);
        } else {
            settled.done.remove(&id);
            settled.attempts.insert(id, row.get(2)?);
        }
    }
    let sql = "SELECT seq FROM signal_dead WHERE subscription = ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([subscription])?;
    while let Some(row) = rows.next()? {
        settled.dead.insert(id(row.get(0)?));
    }
    Ok(Ok(settled))
}
