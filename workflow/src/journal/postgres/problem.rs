//! What can be wrong, and what of it may be gone when it is tried again.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use super::LAYOUT;

/// What can be wrong with a database, or with the way to it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("the schema {0:?} is no name of lower-case letters, digits and `_`, 63 at most")]
    Schema(String),
    #[error("there is no journal in the schema {0:?}; open it with an engine first")]
    Absent(String),
    #[error("the schema {0:?} has tables of something else; take another one")]
    Foreign(String),
    #[error("its version is {0} and this program knows {LAYOUT}; use the program that wrote it")]
    Version(i32),
    #[error("the server's `{0}` reads {1:?}, under which it can't keep a journal; set it to {2:?}")]
    Setting(&'static str, String, &'static str),
    #[error("it can't be done by somebody who does not run what is in it")]
    NotRunning,
    #[error(
        "this worker's lease was over and it was fenced, so its runs are others' now; open the journal again"
    )]
    Fenced,
    #[error("the worker's row does not have the number that comes before this transaction's")]
    NotNext,
    #[cfg(not(feature = "postgres-tls"))]
    #[error(
        "`sslmode=require` asks for an encrypted connection; enable the feature `postgres-tls` of `enact`"
    )]
    Plain,
    #[cfg(feature = "postgres-tls")]
    #[error("there are no certificates to trust in {0}; name a file of them with `Options::trust`")]
    Trust(String, #[source] Option<rustls_native_certs::Error>),
    #[cfg(feature = "postgres-tls")]
    #[error(transparent)]
    Tls(#[from] rustls::Error),
    #[error("what a step did in it ended the transaction; leave that to the journal")]
    Ended,
    #[error("what a step did in it has to be done again: {0}")]
    Again(String),
    #[error("the connection was lost after a step took longer in it than the lease")]
    Paused,
    #[error("the server has not answered in time")]
    Slow,
    #[error("nobody can know whether it was written")]
    Unknown(#[source] Box<Self>),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Postgres(#[from] tokio_postgres::Error),
}

impl Problem {
    /// Whether it may be gone when it is tried again, by who can tell whether it was done.
    pub(super) fn settles(&self) -> bool {
        match self {
            Self::Slow | Self::Paused => true,
            Self::Unknown(problem) => problem.passes(),
            problem => problem.passes(),
        }
    }

    /// Whether it came of what this worker did, and won't come again.
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Paused)
    }

    /// Whether it may be gone when it is tried again, and nothing was done.
    pub(super) fn passes(&self) -> bool {
        match self {
            Self::Io(_) | Self::Again(_) => true,
            Self::Postgres(error) => passing(error),
            _ => false,
        }
    }
}

/// What a server tells of that may be gone.
const PASSING: [SqlState; 9] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::TOO_MANY_CONNECTIONS,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    SqlState::LOCK_NOT_AVAILABLE,
    // A server that is not yet, or no longer, the one that is written to.
    SqlState::READ_ONLY_SQL_TRANSACTION,
];

/// Whether what a server has told, or a connection that failed, may be gone when it is tried again.
pub(super) fn passing(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        let cause = error.source();
        return error.is_closed()
            || cause.is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
    };
    // Class 08 is of connections.
    PASSING.contains(code) || code.code().starts_with("08")
}
