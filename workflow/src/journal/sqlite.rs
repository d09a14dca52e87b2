//! A journal in a file of `SQLite`: append-only, in the order of its rows, synced at each commit.
//!
//! The table of records has no index but its row number, so that a commit of many runs' records
//! touches one page and not one for each run. The table of runs is touched when one begins and
//! when it ends.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde_json::Value;

use super::record::{Record, Status, VERSION};
use super::store::{Entry, Finder, NewRun, RunRow, Store, StoreError};

/// Marks the file as a journal: `enct`.
const APPLICATION: i32 = 0x656e_6374;

const SCHEMA: &str = "
    CREATE TABLE runs (
        run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL,
        version INTEGER NOT NULL, graph INTEGER NOT NULL, input TEXT NOT NULL,
        started INTEGER NOT NULL, status INTEGER NOT NULL, body TEXT, ended INTEGER
    );
    CREATE INDEX open_runs ON runs (run) WHERE status = 0;
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL
    );";

/// A journal in a file, which this process alone writes.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
    path: PathBuf,
    /// Held as long as the journal is open.
    _lock: File,
}

impl Sqlite {
    /// Opens the journal, or makes it where there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: Problem| StoreError::new("open", path.display().to_string(), error);
        let lock = lock(path).map_err(failed)?;
        let connection = connect(path).map_err(failed)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// How the setting that decides whether a commit survives a loss of power reads.
    #[cfg(test)]
    pub(crate) fn synchronous(&self) -> i64 {
        let read = self
            .connection
            .pragma_query_value(None, "synchronous", |row| row.get(0));
        read.expect("it was read when the file was opened")
    }

    fn told<T>(&self, doing: &'static str, result: Result<T, Problem>) -> Result<T, StoreError> {
        result.map_err(|error| StoreError::new(doing, self.path.display().to_string(), error))
    }
}

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("another process has it open; stop that one, or take another file")]
    Locked,
    #[error("its version is {0} and this program knows {VERSION}; use the program that wrote it")]
    Version(i32),
    #[error("it is an SQLite file of something else; take another name")]
    Foreign,
    #[error("`PRAGMA {0}` reads {1} and not what it was set to")]
    Setting(&'static str, String),
    #[error("run {0} is damaged")]
    Damaged(u64),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn lock(path: &Path) -> Result<File, Problem> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(beside))?;
    file.try_lock().map_err(|_| Problem::Locked)?;
    Ok(file)
}

fn connect(path: &Path) -> Result<Connection, Problem> {
    let connection = Connection::open(path)?;
    set(&connection, "journal_mode", "wal", "wal")?;
    // 2 is FULL: a commit is synced before it returns.
    set(&connection, "synchronous", "full", "2")?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (application, version) {
        (0, 0) => make(&connection)?,
        (APPLICATION, version) if version == i32::try_from(VERSION).unwrap_or(0) => {}
        (APPLICATION, version) => return Err(Problem::Version(version)),
        _ => return Err(Problem::Foreign),
    }
    Ok(connection)
}

/// Sets a pragma and reads back what is in force.
fn set(
    connection: &Connection,
    pragma: &'static str,
    value: &str,
    reads: &str,
) -> Result<(), Problem> {
    connection.pragma_update(None, pragma, value)?;
    let found: String = connection.pragma_query_value(None, pragma, |row| {
        row.get::<_, rusqlite::types::Value>(0).map(shown)
    })?;
    if found == reads {
        return Ok(());
    }
    Err(Problem::Setting(pragma, found))
}

fn shown(value: rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    }
}

fn make(connection: &Connection) -> Result<(), Problem> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if tables > 0 {
        return Err(Problem::Foreign);
    }
    connection.execute_batch(&format!(
        "BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))?;
    Ok(())
}

impl Store for Sqlite {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let written = write(&mut self.connection, batch);
        self.told("write to", written)
    }

    fn open_runs(&mut self) -> Result<Vec<(RunRow, Vec<Record>)>, StoreError> {
        let found = open_runs(&self.connection);
        self.told("read", found)
    }

    fn last_run(&mut self) -> Result<u64, StoreError> {
        let sql = "SELECT run FROM runs ORDER BY run DESC LIMIT 1";
        let found = self
            .connection
            .query_row(sql, (), |row| row.get::<_, i64>(0));
        let found = found.optional().map_err(Problem::from);
        let found = self.told("read", found)?;
        Ok(found
            .and_then(|run| run.try_into().ok())
            .unwrap_or_default())
    }

    fn finder(&self) -> Result<Box<dyn Finder>, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(&self.path, flags).map_err(Problem::from);
        let connection = self.told("open", opened)?;
        Ok(Box::new(Reader {
            connection: Mutex::new(connection),
            path: self.path.clone(),
        }))
    }
}

/// Reads the file beside its writer.
struct Reader {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl Reader {
    fn rows<P: rusqlite::Params>(&self, sql: &str, params: P) -> Result<Vec<RunRow>, StoreError> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = rows(&connection, sql, params);
        found.map_err(|error| StoreError::new("read", self.path.display().to_string(), error))
    }
}

impl Finder for Reader {
    fn find(&self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let mut rows = self.rows(&format!("{RUNS} WHERE id = ?1"), [id])?;
        Ok(rows.pop())
    }

    fn list(&self, most: usize) -> Result<Vec<RunRow>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.rows(&format!("{RUNS} ORDER BY run DESC LIMIT ?1"), [most])
    }
}

fn write(connection: &mut Connection, batch: &[Entry]) -> Result<(), Problem> {
    let transaction = connection.transaction()?;
    for entry in batch {
        match entry {
            Entry::Begin(new) => {
                let sql = "INSERT INTO runs (run, id, workflow, version, graph, input, started, status) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
                let mut statement = transaction.prepare_cached(sql)?;
                statement.execute(params![
                    new.run.cast_signed(),
                    new.id,
                    new.workflow,
                    new.version,
                    new.graph.cast_signed(),
                    new.input.to_string(),
                    new.started.cast_signed(),
                ])?;
            }
            Entry::Record { run, record } => {
                let sql = "INSERT INTO journal (run, path, body) VALUES (?1, ?2, ?3)";
                let mut statement = transaction.prepare_cached(sql)?;
                let body = serde_json::to_string(&record.what)?;
                statement.execute(params![run.cast_signed(), record.path, body])?;
            }
            Entry::End { run, ending, at } => {
                let sql = "UPDATE runs SET status = ?2, body = ?3, ended = ?4 WHERE run = ?1";
                let mut statement = transaction.prepare_cached(sql)?;
                statement.execute(params![
                    run.cast_signed(),
                    ending.status.number(),
                    ending.body.to_string(),
                    at.cast_signed()
                ])?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

const RUNS: &str =
    "SELECT run, id, workflow, version, graph, input, started, status, body, ended FROM runs";

fn rows<P: rusqlite::Params>(
    connection: &Connection,
    sql: &str,
    params: P,
) -> Result<Vec<RunRow>, Problem> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(run_row(row)?);
    }
    Ok(found)
}

fn run_row(row: &Row<'_>) -> Result<RunRow, Problem> {
    let run = row.get::<_, i64>(0)?.cast_unsigned();
    let json = |text: String| -> Result<Value, Problem> { Ok(serde_json::from_str(&text)?) };
    let status = Status::of(row.get(7)?).ok_or(Problem::Damaged(run))?;
    let ended = match (
        row.get::<_, Option<String>>(8)?,
        row.get::<_, Option<i64>>(9)?,
    ) {
        (Some(body), Some(at)) => Some((json(body)?, at.cast_unsigned())),
        _ => None,
    };
    Ok(RunRow {
        new: NewRun {
            run,
            id: row.get(1)?,
            workflow: row.get(2)?,
            version: row.get(3)?,
            graph: row.get::<_, i64>(4)?.cast_unsigned(),
            input: json(row.get(5)?)?,
            started: row.get::<_, i64>(6)?.cast_unsigned(),
        },
        status,
        ended,
    })
}

fn open_runs(connection: &Connection) -> Result<Vec<(RunRow, Vec<Record>)>, Problem> {
    let open = rows(
        connection,
        &format!("{RUNS} WHERE status = 0 ORDER BY run"),
        (),
    )?;
    let places: HashMap<u64, usize> = open
        .iter()
        .enumerate()
        .map(|(place, row)| (row.new.run, place))
        .collect();
    let mut found: Vec<(RunRow, Vec<Record>)> =
        open.into_iter().map(|row| (row, Vec::new())).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let mut statement = connection.prepare("SELECT run, path, body FROM journal ORDER BY seq")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let run = row.get::<_, i64>(0)?.cast_unsigned();
        if let Some(place) = places.get(&run) {
            found[*place].1.push(record(row, 1)?);
        }
    }
    Ok(found)
}

fn record(row: &Row<'_>, from: usize) -> Result<Record, Problem> {
    let body: String = row.get(from + 1)?;
    Ok(Record {
        path: row.get(from)?,
        what: serde_json::from_str(&body)?,
    })
}
