//! Opening a file, and making sure of what it is.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::Problem;
use super::index;

/// Marks the file as a journal: `enct`.
const APPLICATION: i32 = 0x656e_6374;

/// The version of the layout: which tables there are, and what is in them.
pub(super) const LAYOUT: i32 = 2;

/// How many damages are told of.
const MOST_TOLD: usize = 3;

/// How long one who writes waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// `owner` is 1 where this file's process has the run, or has ended it, else 0; `sum`s are over what lies beside
/// them.
pub(super) const SCHEMA: &str = "
    CREATE TABLE runs (
        run INTEGER PRIMARY KEY, owner INTEGER NOT NULL, wake INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, version INTEGER NOT NULL,
        graph INTEGER NOT NULL, started INTEGER NOT NULL, sum INTEGER NOT NULL, input ANY NOT NULL
    ) STRICT;
    CREATE INDEX free_runs ON runs (graph, wake) WHERE owner = 0;
    CREATE TABLE endings (
        run INTEGER PRIMARY KEY, status INTEGER NOT NULL, ended INTEGER NOT NULL,
        end_sum INTEGER NOT NULL, body ANY NOT NULL
    ) STRICT;
    CREATE INDEX endings_by_time ON endings (ended);
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, again INTEGER NOT NULL CHECK (again = run),
        path TEXT NOT NULL, at INTEGER NOT NULL, body ANY NOT NULL, sum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE journal_index (
        run INTEGER NOT NULL, first INTEGER NOT NULL, rest BLOB NOT NULL, PRIMARY KEY (run, first)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE journal_indexed (up_to INTEGER NOT NULL) STRICT;
    INSERT INTO journal_indexed VALUES (0);
    CREATE TABLE mail (seq INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, body ANY NOT NULL) STRICT;
    CREATE INDEX runs_mail ON mail (run);
    CREATE TABLE graphs (graph INTEGER PRIMARY KEY, body ANY NOT NULL) STRICT;
    CREATE TABLE notes (name TEXT PRIMARY KEY, body ANY NOT NULL) STRICT, WITHOUT ROWID;";

pub(super) fn lock(path: &Path) -> Result<File, Problem> {
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

pub(super) fn connect(path: &Path, make_it: bool) -> Result<Connection, Problem> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if make_it {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    set(&connection, "journal_mode", "wal", "wal")?;
    // 2 is FULL: a commit is synced before it returns.
    set(&connection, "synchronous", "full", "2")?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (application, version) {
        (0, 0) if make_it => make(&connection)?,
        (APPLICATION, LAYOUT) => {}
        (APPLICATION, version) => return Err(Problem::Version(version)),
        _ => return Err(Problem::Foreign),
    }
    if make_it {
        sync_folder(path)?;
    }
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Makes sure that runs, their records and their mail are found: pages have no checksums, and a run that an
/// index has lost would be begun again, or wait for ever for a signal that it has.
pub(super) fn is_sound(connection: &Connection) -> Result<(), Problem> {
    let mut found = Vec::new();
    for table in ["runs", "endings", "journal", "journal_index", "mail"] {
        let mut statement = connection.prepare(&format!("PRAGMA integrity_check({table})"))?;
        let lines = statement.query_map((), |row| row.get(0))?;
        let lines = lines.collect::<rusqlite::Result<Vec<String>>>()?;
        found.extend(lines.into_iter().filter(|line| line != "ok"));
    }
    let more = found.len().saturating_sub(MOST_TOLD);
    found.truncate(MOST_TOLD);
    match (found.is_empty(), more) {
        (true, _) => index::is_sound(connection),
        (false, 0) => Err(Problem::Damaged(found.join("; "))),
        (false, more) => Err(Problem::Damaged(format!(
            "{}; and {more} more",
            found.join("; ")
        ))),
    }
}

/// Makes the names of the files durable, which `SQLite` tries and does not insist on.
fn sync_folder(path: &Path) -> Result<(), Problem> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    // Where folders can't be opened, as on Windows, names need no sync.
    if cfg!(unix) {
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Sets a pragma and reads back what is in force.
fn set(
    connection: &Connection,
    pragma: &'static str,
    value: &str,
    reads: &str,
) -> Result<(), Problem> {
    {
        // To its last row: an error that comes after the first is one too.
        let mut statement = connection.prepare(&format!("PRAGMA {pragma} = {value}"))?;
        let mut rows = statement.query(())?;
        while rows.next()?.is_some() {}
    }
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
    // A log of signals may be there already.
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' \
               AND name NOT GLOB 'signal_*' AND name NOT GLOB 'sqlite_*'";
    let tables: i64 = connection.query_row(sql, (), |row| row.get(0))?;
    if tables > 0 {
        return Err(Problem::Foreign);
    }
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {LAYOUT}; COMMIT;"
    ))?;
    Ok(())
}
