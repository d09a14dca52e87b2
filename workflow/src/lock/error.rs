//! Why a lock file does not hold.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::difference::Stale;

/// Why a lock file does not hold.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LockError {
    /// There is no lock file.
    #[error(
        "there is no lock file {}; write it with `ENACT_LOCK=update cargo test` and check it in",
        path.display()
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// It can't be read.
    #[error("could not read the lock file {}", path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// It is not a lock file, or one of another format.
    #[error(
        "{} is not a lock file of format 1; take back what was changed by hand, or delete it and \
         write it anew with `ENACT_LOCK=update cargo test`",
        path.display()
    )]
    Malformed {
        /// Where it is.
        path: PathBuf,
        /// What can't be read, where it is not the format alone.
        source: Option<serde_json::Error>,
    },
    /// It can't be written.
    #[error("could not write the lock file {}", path.display())]
    Unwritable {
        /// Where it should be.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// It is to be written in continuous integration, where nobody would check it in.
    #[error(
        "the lock file {} is not updated where `CI` is set; run with `ENACT_LOCK=update` on your \
         own machine, and check the file in",
        path.display()
    )]
    Refused {
        /// Where it is.
        path: PathBuf,
    },
    /// Workflows are not what it holds.
    #[error("the lock file {} does not hold{}", path.display(), Listed(stale))]
    Changed {
        /// Where it is.
        path: PathBuf,
        /// Each workflow that differs.
        stale: Vec<Stale>,
    },
}

impl LockError {
    /// A code for programs, which stays what it is.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "lock.missing",
            Self::Unreadable { .. } => "lock.unreadable",
            Self::Malformed { .. } => "lock.malformed",
            Self::Unwritable { .. } => "lock.unwritable",
            Self::Refused { .. } => "lock.refused",
            Self::Changed { .. } => "lock.changed",
        }
    }

    #[expect(clippy::panic, reason = "a test fails by a panic")]
    #[track_caller]
    pub(super) fn stop(&self) -> ! {
        match std::error::Error::source(self) {
            None => panic!("{self}"),
            Some(source) => panic!("{self}: {source}"),
        }
    }
}

struct Listed<'a>(&'a [Stale]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|stale| write!(f, "\n\n{stale}"))
    }
}
