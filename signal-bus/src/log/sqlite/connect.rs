//! Opening a file, and making sure of what it is.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::{Problem, VERSION};

/// How long one who writes waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// `state` is 0 where a delivery is open and 1 where it is settled above the cursor.
const SCHEMA: &str = "
    CREATE TABLE signal_notes (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE signal_log (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, body ANY NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE signal_subscriptions (
        number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, pattern TEXT NOT NULL,
        cursor INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE signal_deliveries (
        subscription INTEGER NOT NULL, seq INTEGER NOT NULL, state INTEGER NOT NULL,
        attempts INTEGER NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (subscription, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE signal_dead (
        subscription INTEGER NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL,
        reason TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (subscription, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX signal_dead_seq ON signal_dead (seq);
    CREATE TABLE signal_index (
        key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)
    ) STRICT, WITHOUT ROWID;";

/// Beside the file, under a name of its own: a journal in the same file has another.
pub(super) fn lock(path: &Path) -> Result<File, Problem> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".signals.lock");
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
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    set(&connection, "journal_mode", "wal", "wal")?;
    // 2 is FULL: a commit is synced before it returns.
    set(&connection, "synchronous", "full", "2")?;
    if make_it {
        make(&mut connection)?;
        sync_folder(path)?;
    }
    is_known(&connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A connection that changes nothing of a file, whoever has it.
pub(super) fn look(path: &Path) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    is_known(&connection)?;
    Ok(connection)
}

fn is_known(connection: &Connection) -> Result<(), Problem> {
    match version(connection)? {
        Some(VERSION) => Ok(()),
        Some(other) => Err(Problem::Version(other)),
        None => Err(Problem::None),
    }
}

/// The version of the log in the file, if there is one.
fn version(connection: &Connection) -> Result<Option<i64>, Problem> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'signal_notes'";
    if connection.query_row(sql, (), |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    let sql = "SELECT value FROM signal_notes WHERE name = 'version'";
    Ok(connection.query_row(sql, (), |row| row.get(0)).optional()?)
}

fn make(connection: &mut Connection) -> Result<(), Problem> {
    if version(connection)?.is_some() {
        return Ok(());
    }
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {SCHEMA} INSERT INTO signal_notes VALUES ('version', {VERSION}), \
         ('indexed', 0); COMMIT;"
    ))?;
    Ok(())
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
    let found: Value = connection.pragma_query_value(None, pragma, |row| row.get(0))?;
    let found = match found {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    if found == reads {
        return Ok(());
    }
    Err(Problem::Setting(pragma, found))
}
