//! Opening a file, and making sure of what it is.

use std::path::Path;

use enact_sqlite_file::{Open, keep, sync_folder, visit};
use rusqlite::{Connection, OptionalExtension as _};

use super::{Problem, VERSION};

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

pub(super) fn connect(path: &Path, make_it: bool) -> Result<Open, Problem> {
    let mut connection = if make_it { keep(path) } else { visit(path) }?;
    if make_it {
        make(&mut connection)?;
        sync_folder(path)?;
    }
    is_known(&connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A connection that changes nothing of a file, whoever has it.
pub(super) fn look(path: &Path) -> Result<Open, Problem> {
    let connection = enact_sqlite_file::look(path)?;
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
