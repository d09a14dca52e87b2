//! The outbox in an `SQLite` database.

mod relay;
mod table;

use std::sync::{Mutex, PoisonError};

use enact_signal_core::{Envelope, Limits};
use rusqlite::{Connection, ErrorCode};

pub use self::relay::Relay;
pub use self::table::Outbox;
use crate::dispatch::target::{alone, shared};
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// A table as a target: for signals that nothing else is written with.
///
/// Several signals are one transaction. Writing blocks the thread for as long as the disk takes.
#[derive(Debug)]
pub struct OutboxTarget {
    name: String,
    outbox: Outbox,
    database: Mutex<Connection>,
    limits: Limits,
}

impl OutboxTarget {
    /// That table, in a database that it has a connection of its own to.
    pub fn new(name: impl Into<String>, outbox: Outbox, database: Connection) -> Self {
        Self {
            name: name.into(),
            outbox,
            database: Mutex::new(database),
            limits: Limits::default(),
        }
    }

    fn put(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let mut outcomes = vec![Ok(()); signals.len()];
        if let Err(error) = self.put_all(signals, &mut outcomes) {
            return shared(&Err(error), signals.len());
        }
        outcomes
    }

    fn put_all(&self, signals: &[Envelope], outcomes: &mut [Outcome]) -> Outcome {
        let failed = |error| failed(&self.name, error);
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.transaction().map_err(failed)?;
        for (signal, outcome) in signals.iter().zip(outcomes) {
            let put = self.outbox.put_within(&transaction, signal, &self.limits);
            match put.map_err(|error| error.named(&self.name)) {
                Err(error) if error.kind() == Kind::Unwritable => *outcome = Err(error),
                other => other?,
            }
        }
        transaction.commit().map_err(failed)
    }

    fn test(&self) -> Outcome {
        let database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let left = self.outbox.left(&database);
        left.map(drop).map_err(|error| error.named(&self.name))
    }
}

impl Target for OutboxTarget {
    fn name(&self) -> &str {
        &self.name
    }

    /// Looks whether the table is there.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(async { self.test() })
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async { alone(self.put(std::slice::from_ref(signal))) })
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(async { self.put(signals) })
    }

    fn is_joint(&self) -> bool {
        true
    }
}

/// What a database's failure means.
fn failed(name: &str, error: rusqlite::Error) -> DispatchError {
    let (kind, what) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (Kind::Busy, "the database is locked; retry")
        }
        Some(ErrorCode::DiskFull) => (Kind::Failed, "the disk is full; make room"),
        Some(ErrorCode::ReadOnly | ErrorCode::NotADatabase) => {
            (Kind::Misconfigured, "the database can't be written to")
        }
        Some(ErrorCode::Unknown) => (
            Kind::Misconfigured,
            "the table is not there or is another one; create it with `Outbox::create`",
        ),
        _ => (Kind::Failed, "the database failed; its own error says why"),
    };
    DispatchError::new(kind, name, what).because(error)
}
