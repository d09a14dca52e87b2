//! A log in a file of `SQLite`: append-only, in the order of its rows, synced at each commit.
//!
//! The table of signals has no key but its row number, so that a commit touches its last page and costs
//! the same whatever there is already. What a trail is looked up by is an index of its own, which is
//! filled when somebody asks.
//!
//! One process at a time has the log. Its tables begin with `signal_`, so that it can lie in a file that has
//! others: a journal of durable runs, or tables of the program's own. `SQLite` lets one at a time write to a file;
//! each commit here begins by waiting for its turn, ten seconds at most, and ends its turn with its sync.

mod connect;
mod read;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use enact_sqlite_file::{Mark, Open, lock};

use self::connect::{connect, look};
use super::store::{DeadLetter, Entry, Page, Reader, Scan, Store, StoreError, SubscriptionRow};

/// How the lock's file ends: a journal in the same file has another.
const LOCK: &str = ".signals.lock";

/// The version of the tables.
const VERSION: i64 = 1;

/// A log in a file, which this process alone has.
///
/// ```
/// use enact_signal_bus::log::{Log, Settings, Sqlite};
///
/// # let folder = std::env::temp_dir().join(format!("enact-doc-sqlite-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("signals.db");
/// let log = Log::over(Sqlite::open(&path)?, Settings::default())?;
/// # drop(log);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sqlite {
    connection: Open,
    path: PathBuf,
    /// The number of the last signal that it has written, once it has: the last one of the table.
    last: u64,
    /// Held as long as the log is open, and those who read it.
    lock: Arc<File>,
}

/// A way into a file for whoever reads.
#[derive(Debug)]
struct Beside {
    connection: Open,
    path: PathBuf,
    /// That of the log it reads, where this process has it.
    _lock: Option<Arc<File>>,
}

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("its version is {0} and this program knows {VERSION}; use the program that wrote it")]
    Version(i64),
    #[error("there is no log of signals in the file; name the one that the program's log is in")]
    None,
    #[error(
        "signal {0} would have been written as {1}: somebody else has added signals, or no numbers are left; delete those, \
         or restore the file from a copy"
    )]
    Number(i64, i64),
    #[error("the pattern of the subscription `{0}` is damaged; subscribe anew under another name")]
    Pattern(String, #[source] enact_signal_core::MalformedName),
    #[error(transparent)]
    File(#[from] enact_sqlite_file::Problem),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

fn told<T>(path: &Path, doing: &'static str, result: Result<T, Problem>) -> Result<T, StoreError> {
    result.map_err(|error| {
        let error = match error {
            Problem::Sqlite(error) | Problem::File(enact_sqlite_file::Problem::Sqlite(error)) => {
                Mark::of(path).explain(error).into()
            }
            error => error,
        };
        StoreError::new(doing, path.display().to_string(), error)
    })
}

impl Sqlite {
    /// Opens the log, or makes it where there is none.
    ///
    /// # Errors
    /// Where another process has it open, or it is no file of `SQLite`; where a sync of it has failed and somebody still
    /// has it open.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let opened = || {
            let lock = Arc::new(lock(path, LOCK)?);
            let connection = connect(path, true)?;
            Ok(Self {
                path: connection.file().to_owned(),
                connection,
                last: 0,
                lock,
            })
        };
        told(path, "open", opened())
    }
}

/// A way into a file for whoever reads, though another process may have its log.
///
/// # Errors
/// Where there is no such file, or no log in it.
pub(crate) fn beside(path: &Path) -> Result<Box<dyn Reader>, StoreError> {
    let connection = told(path, "open", look(path))?;
    Ok(Box::new(Beside {
        path: connection.file().to_owned(),
        connection,
        _lock: None,
    }))
}

impl Store for Sqlite {
    fn begin(&mut self, batch: &[Entry]) -> Result<bool, StoreError> {
        let begun = write::begin(&self.connection, &mut self.last, batch);
        told(&self.path, "write to", begun.map(|()| true))
    }

    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let written = write::commit(&self.connection, &mut self.last, batch);
        told(&self.path, "write to", written)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        let pruned = write::prune(&mut self.connection, before, most);
        told(&self.path, "write to", pruned)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        let connection = told(&self.path, "open", connect(&self.path, false))?;
        Ok(Box::new(Beside {
            connection,
            path: self.path.clone(),
            _lock: Some(Arc::clone(&self.lock)),
        }))
    }
}

impl Beside {
    fn told<T>(&self, result: Result<T, Problem>) -> Result<T, StoreError> {
        told(&self.path, "read", result)
    }
}

impl Reader for Beside {
    fn read(&mut self, page: &Page) -> Result<Scan, StoreError> {
        self.told(read::page(&self.connection, page))
    }

    fn last(&mut self) -> Result<(u64, u64), StoreError> {
        self.told(read::last(&self.connection))
    }

    fn first_at(&mut self, at: u64) -> Result<u64, StoreError> {
        self.told(read::first_at(&self.connection, at))
    }

    fn subscription(&mut self, name: &str) -> Result<Option<SubscriptionRow>, StoreError> {
        self.told(read::subscription(&self.connection, name))
    }

    fn names(&mut self) -> Result<Vec<Arc<str>>, StoreError> {
        self.told(read::names(&self.connection))
    }

    fn dead(&mut self, name: &str, after: u64, most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.told(read::dead(&self.connection, name, after, most))
    }

    fn indexed(&mut self) -> Result<u64, StoreError> {
        self.told(read::indexed(&self.connection))
    }

    fn lookup(&mut self, key: u64, after: u64, most: usize) -> Result<Vec<u64>, StoreError> {
        self.told(read::lookup(&self.connection, key, after, most))
    }
}
