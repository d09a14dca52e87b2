//! Transactions that write: when they begin, and what is committed together.

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, ffi};

use super::Problem;
use super::index::Index;
use super::write::write;
use crate::journal::store::Entry;

/// How often somebody else who writes is waited for, ten seconds each time.
const MOST_WAITS: u32 = 30;

/// Begins what is going to write, once nobody else does.
///
/// Nothing was begun where it would have to wait for longer, so it is tried again; after that an error is better than
/// runs that stand still and nobody knows why.
pub(super) fn begin(connection: &Connection) -> Result<Transaction<'_>, Problem> {
    // At once, so that it waits for whoever writes and never finds half-way that it can't.
    let begin = || Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    for _ in 1..MOST_WAITS {
        match begin() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                tracing::warn!(target: "enact::journal", "another connection has been writing to the file for long; the journal waits");
            }
            begun => return Ok(begun?),
        }
    }
    Ok(begin()?)
}

/// Writes a batch under one sync; the places of what was refused.
pub(super) fn batch(
    connection: &Connection,
    index: &mut Index,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    match together(connection, index, batch) {
        Err(Problem::Sqlite(error)) if is_loose(&error) => apart(connection, index, batch),
        written => written,
    }
}

/// Whether a commit has failed since something refers to what is not there; nothing of it was made.
fn is_loose(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

/// Writes a batch with a commit for each effect, since that is when it is known which of them breaks what waits for the
/// commit: that one fails. What a crash in between leaves could have been a batch of its own.
fn apart(
    connection: &Connection,
    index: &mut Index,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    *index = Index::open(connection)?;
    let (mut refused, mut first) = (Vec::new(), 0);
    for part in batch.split_inclusive(|entry| matches!(entry, Entry::Work(_))) {
        let places = match (together(connection, index, part), part) {
            (Err(Problem::Sqlite(error)), [before @ .., Entry::Work(work)]) if is_loose(&error) => {
                *index = Index::open(connection)?;
                let mut places = together(connection, index, before)?;
                work.fail(error.into());
                places.push(before.len());
                places
            }
            (written, _) => written?,
        };
        refused.extend(places.into_iter().map(|place| first + place));
        first += part.len();
    }
    Ok(refused)
}

/// Writes a batch in one transaction.
fn together(
    connection: &Connection,
    index: &mut Index,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    let transaction = begin(connection)?;
    let follows = index.catch_up(&transaction)?;
    let refused = write(&transaction, index, follows, batch)?;
    index.write_many(&transaction)?;
    transaction.commit()?;
    Ok(refused)
}

/// Writes one entry beside whoever runs what is in the file; the places of what was refused.
pub(super) fn beside(connection: &mut Connection, entry: &Entry) -> Result<Vec<usize>, Problem> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut index = Index::beside(&transaction)?;
    let refused = write(&transaction, &mut index, false, std::slice::from_ref(entry))?;
    transaction.commit()?;
    Ok(refused)
}
