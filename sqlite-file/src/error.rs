//! What can be wrong with a file.

use std::path::PathBuf;

/// What can be wrong with a file, before what is in it is looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Somebody keeps it.
    #[error("another process has it open; stop that one, or take another file")]
    Locked,
    /// The system can't tell whether somebody keeps it.
    #[error(
        "{0:?} could not be locked, so nobody can tell whether another process has the file open; put it on a disk that \
         has locks"
    )]
    NoLock(PathBuf, #[source] std::io::Error),
    /// A setting is not in force.
    #[error("`PRAGMA {0}` reads {1} and not what it was set to")]
    Setting(&'static str, String),
    /// A sync of it failed, now or before.
    #[error(
        "a sync of it has failed, so nothing more is acknowledged; see to the disk, close all that have the file open, and open it \
         again: what may be lost is then written anew"
    )]
    Unsynced(#[source] rusqlite::Error),
    /// A sync of it failed before, and nobody has kept it since.
    #[error(
        "a sync of it has failed; see to the disk, and open it by what keeps it, as an engine or a log does: what may be lost is \
         then written anew"
    )]
    Marked,
    /// It has to be written anew, and somebody else has it open.
    #[error(
        "a sync of it has failed, and others still have it open; close them all, here and in other processes, and open it \
         again before them"
    )]
    Shared,
    /// The system said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// `SQLite` said no.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}
