//! The mark of a file of which a sync has failed.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{OpenFlags, TransactionBehavior, ffi};

use crate::error::Problem;
use crate::open::{open, set};

/// How many bytes are written anew at once.
const PART: usize = 1 << 16;

/// How many links are followed to a file that is not there yet.
const MOST_LINKS: u8 = 40;

/// What this process has marked, since on a disk that fails or is full the mark itself may not be made.
static MARKED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn marked() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    MARKED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The mark of a file of which a sync has failed: an empty file beside it, named like it and `.unsynced`.
///
/// It need not survive a loss of power, after which everybody reads what the disk has.
#[derive(Clone, Debug)]
pub struct Mark {
    path: PathBuf,
    mark: PathBuf,
}

impl Mark {
    /// That of a file, by whichever path it is found.
    pub fn of(path: &Path) -> Self {
        let path = found(path, MOST_LINKS).unwrap_or_else(|_| path.to_owned());
        let mark = with_ending(&path, ".unsynced");
        Self { path, mark }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.path
    }

    /// Whether a sync of the file has failed, as far as can be seen.
    pub fn is_there(&self) -> bool {
        // Who can't see the folder had better not rely on its files.
        self.mark.try_exists().unwrap_or(true) || marked().contains(&self.path)
    }

    /// For whoever wants to leave something in the file and does not keep it.
    ///
    /// # Errors
    /// [`Problem::Marked`] where a sync has failed: what is added now may be behind what was lost.
    pub fn lets_in(&self) -> Result<(), Problem> {
        if self.is_there() {
            return Err(Problem::Marked);
        }
        Ok(())
    }

    /// What an error of the file means; where a sync has failed, the mark is set.
    pub fn explain(&self, error: rusqlite::Error) -> Problem {
        if self.heed(&error) || (is_of_hook(&error) && self.is_there()) {
            Problem::Unsynced(error)
        } else {
            Problem::Sqlite(error)
        }
    }

    /// Sets the mark, where the error is that of a sync; whether it is.
    pub(crate) fn heed(&self, error: &rusqlite::Error) -> bool {
        let is_of_sync = matches!(
            code(error),
            Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
        );
        if is_of_sync && File::create(&self.mark).is_err() {
            // This process knows all the same, and others have the error's words.
            marked().insert(self.path.clone());
        }
        is_of_sync
    }

    /// Writes anew what a failed sync may have lost, and lifts the mark.
    ///
    /// The log is written anew in any case where there is one, since a process may have ended before it could set the mark.
    pub(crate) fn lift(&self) -> Result<(), Problem> {
        let log = with_ending(&self.path, "-wal");
        if !self.path.exists() {
            // It was deleted, and what the mark is of with it.
            return self.remove();
        }
        if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let mut connection = open(&self.path, OpenFlags::empty())?;
            // Nobody else adds to the log meanwhile.
            let _turn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            write_anew(&log)?;
        }
        if !self.is_there() {
            return Ok(());
        }
        match self.copy_all() {
            // Whoever else has it open may have lifted the mark.
            Err(Problem::Shared) if !self.is_there() => Ok(()),
            copied => copied,
        }
    }

    /// Copies all of the log. What counts as copied is in an index that all who have the file open share; whoever is
    /// alone with it from the first has one of its own, in which nothing is.
    fn copy_all(&self) -> Result<(), Problem> {
        let connection = open(&self.path, OpenFlags::empty())?;
        connection.busy_timeout(Duration::ZERO)?;
        set(&connection, "locking_mode", "exclusive", "exclusive")?;
        match set(&connection, "journal_mode", "delete", "delete") {
            Err(Problem::Setting(..)) => return Err(Problem::Shared),
            Err(Problem::Sqlite(error)) if is_busy(&error) => return Err(Problem::Shared),
            changed => changed?,
        }
        self.remove()
    }

    fn remove(&self) -> Result<(), Problem> {
        marked().remove(&self.path);
        match std::fs::remove_file(&self.mark) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The path by which all find a file, be it there or not: behind so many links at most.
fn found(path: &Path, links: u8) -> Result<PathBuf, std::io::Error> {
    path.canonicalize().or_else(|error| {
        let name = path.file_name().ok_or(error)?;
        let folder = std::path::absolute(path)?;
        let folder = folder.parent().unwrap_or(&folder).canonicalize()?;
        let path = folder.join(name);
        match path.read_link() {
            Ok(target) if links > 0 => found(&folder.join(target), links - 1),
            _ => Ok(path),
        }
    })
}

fn code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

/// What fails when a commit is done has lost its code.
fn is_of_hook(error: &rusqlite::Error) -> bool {
    code(error) == Some(ffi::SQLITE_ERROR)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(
        code,
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

/// Has a file written as it is read, part by part, so that a sync covers all of it.
fn write_anew(path: &Path) -> Result<(), std::io::Error> {
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let (mut part, mut at) = (vec![0; PART], 0);
    loop {
        file.seek(SeekFrom::Start(at))?;
        let count = file.read(&mut part)?;
        if count == 0 {
            return file.sync_all();
        }
        write_at(&mut file, part.get(..count).unwrap_or_default(), at)?;
        at += count as u64;
    }
}

#[cfg(unix)]
fn write_at(file: &mut File, bytes: &[u8], at: u64) -> Result<(), std::io::Error> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(file: &mut File, bytes: &[u8], at: u64) -> Result<(), std::io::Error> {
    use std::io::Write as _;

    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(ending);
    PathBuf::from(beside)
}
