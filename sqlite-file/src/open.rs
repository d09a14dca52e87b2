//! Opening a file, by whoever keeps it, leaves something in it, or reads it.

use std::ffi::c_int;
use std::fs::{File, OpenOptions, TryLockError};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, ffi};

use crate::error::Problem;
use crate::mark::{Mark, with_ending};

/// How long one who writes waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many pages the write-ahead log has when it is copied into the file: as `SQLite` has it by itself.
const LONG: c_int = 1000;

/// Takes a file for this process alone, by whichever path it is found, as far as those care who take it so; `ending`
/// tells what for. It need not be there yet.
///
/// # Errors
/// [`Problem::Locked`] where another process has it; [`Problem::NoLock`] where the disk has no locks; [`Problem::Io`]
/// where the folder can't be written.
pub fn lock(path: &Path, ending: &str) -> Result<File, Problem> {
    let beside = with_ending(Mark::of(path).file(), ending);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&beside)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(error) => Err(not_locked(error, beside)),
    }
}

pub(crate) fn not_locked(error: TryLockError, beside: PathBuf) -> Problem {
    match error {
        TryLockError::WouldBlock => Problem::Locked,
        TryLockError::Error(error) => Problem::NoLock(beside, error),
    }
}

/// A connection to a file, whose commits are synced.
///
/// Where no sync has failed, the last one who closes the file has its log copied, and one file is all there is.
#[derive(Debug)]
pub struct Open {
    connection: Connection,
    mark: Mark,
}

impl Open {
    fn of(connection: Connection, path: &Path) -> Result<Self, Problem> {
        let mark = Mark::of(path);
        let mut open = Self { connection, mark };
        set(&open, "journal_mode", "wal", "wal")?;
        // 2 is FULL: a commit is synced before it returns.
        set(&open, "synchronous", "full", "2")?;
        let mark = open.mark.clone();
        open.wal_hook(Some(move |log: &mut Wal, pages| copy(log, pages, &mark)))?;
        Ok(open)
    }

    /// Where the file is, wherever this process goes.
    pub fn file(&self) -> &Path {
        self.mark.file()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.mark.is_there() {
            // Where that can't be set, the log stays where it is, and is read from there.
            drop(copies_when_closed(&self.connection, true));
        }
    }
}

impl Deref for Open {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Open {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// A file for whoever keeps it; it is made where there is none. What a failed sync may have lost is written anew.
///
/// # Errors
/// [`Problem::Shared`] where that is so and somebody else has it open; [`Problem::Setting`] where commits would
/// not be synced; those of the system and of `SQLite`.
pub fn keep(path: &Path) -> Result<Open, Problem> {
    Mark::of(path).lift()?;
    Open::of(open(path, OpenFlags::SQLITE_OPEN_CREATE)?, path)
}

/// A file that there is, for whoever reads it and may leave something in it, where [its mark](Mark::lets_in) lets them.
///
/// # Errors
/// As those of [`keep`], but for [`Problem::Shared`].
pub fn visit(path: &Path) -> Result<Open, Problem> {
    Open::of(open(path, OpenFlags::empty())?, path)
}

/// A file that there is, for whoever changes nothing.
///
/// # Errors
/// Those of the system and of `SQLite`.
pub fn look(path: &Path) -> Result<Open, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    let mark = Mark::of(path);
    Ok(Open { connection, mark })
}

/// Makes the names of the files durable, which `SQLite` tries and does not insist on.
///
/// # Errors
/// [`Problem::Io`] where that can't be done.
pub fn sync_folder(path: &Path) -> Result<(), Problem> {
    let found = Mark::of(path);
    let folder = found
        .file()
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    // Where folders can't be opened, as on Windows, names need no sync.
    if cfg!(unix) {
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

pub(crate) fn open(path: &Path, more: OpenFlags) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // Nobody would hear of it where that fails.
    copies_when_closed(&connection, false)?;
    Ok(connection)
}

fn copies_when_closed(connection: &Connection, copies: bool) -> Result<(), Problem> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !copies)?;
    Ok(())
}

/// Copies the log into the file once it is long. Where a sync of the file has failed, here or for somebody else, so does the
/// commit that this follows, though it is made. What else may fail is tried again after the next.
fn copy(log: &mut Wal, pages: c_int, mark: &Mark) -> rusqlite::Result<()> {
    if pages >= LONG
        && !mark.is_there()
        && let Err(error) = log.checkpoint()
        && mark.heed(&error)
    {
        return Err(error);
    }
    if mark.is_there() {
        let code = ffi::Error::new(ffi::SQLITE_IOERR_FSYNC);
        return Err(rusqlite::Error::SqliteFailure(code, None));
    }
    Ok(())
}

/// Sets a pragma and reads back what is in force.
pub(crate) fn set(
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
