//! Opening a file, and making sure of what it is.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use enact_sqlite_file::{Open, keep, sync_folder, visit};
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::Problem;
use super::index;

/// Marks the file as a journal: `enct`.
const APPLICATION: i32 = 0x656e_6374;

/// The version of the layout: which tables there are, and what is in them.
pub(super) const LAYOUT: i32 = 2;

/// How many damages are told of.
const MOST_TOLD: usize = 3;

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

pub(super) fn connect(path: &Path, make_it: bool) -> Result<Open, Problem> {
    let connection = if make_it { keep(path) } else { visit(path) }?;
    let [application, version] = identity(&connection)?;
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

fn identity(connection: &Connection) -> rusqlite::Result<[i32; 2]> {
    let read = |pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
    Ok([read("application_id")?, read("user_version")?])
}

/// What is the journal's to set: by what a file is known as one, and when it is synced.
const OWN: [&str; 6] = [
    "application_id",
    "user_version",
    "synchronous",
    "journal_mode",
    "wal_autocheckpoint",
    "wal_checkpoint",
];

/// Makes tables of the program's own. What that sets for its connection ends with it, and what would be of the file is
/// refused before it is done.
pub(super) fn tables(journal: &Open, sql: &str) -> Result<(), Problem> {
    let mut own = visit(journal.file())?;
    let refused = Arc::new(OnceLock::new());
    let noted = Arc::clone(&refused);
    own.authorizer(Some(move |asked: AuthContext<'_>| {
        let Some(pragma) = set(&asked.action) else {
            return Authorization::Allow;
        };
        // Only the first is told of.
        noted.get_or_init(|| pragma);
        Authorization::Deny
    }))?;
    if let Err(error) = own.execute_batch(sql) {
        let refused = refused.get().copied();
        return Err(refused.map_or_else(|| error.into(), Problem::Tables));
    }
    if !own.is_autocommit() {
        return Err(Problem::Begun);
    }
    Ok(())
}

/// Which of the journal's own settings a statement would change.
fn set(action: &AuthAction<'_>) -> Option<&'static str> {
    let AuthAction::Pragma {
        pragma_name,
        pragma_value,
    } = action
    else {
        return None;
    };
    let mut own = OWN.into_iter();
    let found = own.find(|own| own.eq_ignore_ascii_case(pragma_name))?;
    // Others only read where they are given nothing.
    (pragma_value.is_some() || found == "wal_checkpoint").then_some(found)
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
