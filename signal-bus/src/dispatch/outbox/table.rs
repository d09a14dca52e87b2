//! The table.

use enact_signal_core::{Envelope, Limits, json};
use rusqlite::{Connection, params};

use super::failed;
use crate::dispatch::{DispatchError, Kind};

/// A table of signals that are to be delivered, in the order in which they were put.
///
/// Its columns: `position`, rising; `source` and `id`, unique together, so that putting a signal twice
/// is putting it once; `type`; `event`, the signal as structured JSON; `refused`, why it can't be delivered,
/// or null. What is delivered is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    table: String,
}

/// A signal that is to be delivered.
pub(super) struct Row {
    pub(super) position: i64,
    pub(super) event: Vec<u8>,
}

impl Outbox {
    /// The table of that name: lower-case letters, digits and `_`.
    ///
    /// # Errors
    /// [`Kind::Misconfigured`] where it is none.
    pub fn new(table: impl Into<String>) -> Result<Self, DispatchError> {
        let table = table.into();
        let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if table.is_empty() || table.len() > 63 || !table.bytes().all(part) {
            let what = "it is no name of lower-case letters, digits and `_`, 63 at most";
            return Err(DispatchError::new(Kind::Misconfigured, &table, what));
        }
        Ok(Self { table })
    }

    /// The name of the table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Makes the table where it is not there yet.
    ///
    /// # Errors
    /// Those of the database.
    pub fn create(&self, database: &Connection) -> Result<(), DispatchError> {
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS \"{}\" (
                position INTEGER PRIMARY KEY AUTOINCREMENT,
                source TEXT NOT NULL,
                id TEXT NOT NULL,
                type TEXT NOT NULL,
                event BLOB NOT NULL,
                refused TEXT,
                UNIQUE (source, id)
            ) STRICT",
            self.table
        );
        self.of(database.execute_batch(&sql))
    }

    /// Puts a signal, as part of whatever transaction the connection is in.
    ///
    /// # Errors
    /// [`Kind::Unwritable`] where the signal can't be written, and those of the database.
    pub fn put(&self, database: &Connection, signal: &Envelope) -> Result<(), DispatchError> {
        self.put_within(database, signal, &Limits::default())
    }

    pub(super) fn put_within(
        &self,
        database: &Connection,
        signal: &Envelope,
        limits: &Limits,
    ) -> Result<(), DispatchError> {
        let event = json::write(signal, limits);
        let event = event.map_err(|error| DispatchError::unwritable(&self.table, error))?;
        let sql = format!(
            "INSERT INTO \"{}\" (source, id, type, event) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (source, id) DO NOTHING",
            self.table
        );
        let row = params![signal.source(), signal.id(), signal.ty().as_str(), event];
        let put = database.prepare_cached(&sql);
        self.of(put.and_then(|mut put| put.execute(row))).map(drop)
    }

    /// How many signals are still to be delivered.
    ///
    /// # Errors
    /// Those of the database.
    pub fn left(&self, database: &Connection) -> Result<u64, DispatchError> {
        self.count(database, "refused IS NULL")
    }

    /// How many signals the target has refused for good; they stay until somebody looks at them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn refused(&self, database: &Connection) -> Result<u64, DispatchError> {
        self.count(database, "refused IS NOT NULL")
    }

    /// Has what was refused delivered again.
    ///
    /// # Errors
    /// Those of the database.
    pub fn redrive(&self, database: &Connection) -> Result<u64, DispatchError> {
        let sql = format!(
            "UPDATE \"{}\" SET refused = NULL WHERE refused IS NOT NULL",
            self.table
        );
        let changed = self.of(database.execute(&sql, []))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn count(&self, database: &Connection, condition: &str) -> Result<u64, DispatchError> {
        let sql = format!("SELECT count(*) FROM \"{}\" WHERE {condition}", self.table);
        let count: i64 = self.of(database.query_row(&sql, [], |row| row.get(0)))?;
        Ok(count.unsigned_abs())
    }

    /// The next ones, in their order, behind a position.
    pub(super) fn next(
        &self,
        database: &Connection,
        behind: i64,
        most: usize,
    ) -> Result<Vec<Row>, DispatchError> {
        let sql = format!(
            "SELECT position, event FROM \"{}\" WHERE refused IS NULL AND position > ?1
             ORDER BY position LIMIT ?2",
            self.table
        );
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = database.prepare_cached(&sql)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![behind, most], |row| {
                let (position, event) = (row.get(0)?, row.get(1)?);
                Ok(Row { position, event })
            })?;
            rows.collect()
        };
        self.of(read())
    }

    pub(super) fn delete(&self, database: &Connection, position: i64) -> Result<(), DispatchError> {
        let sql = format!("DELETE FROM \"{}\" WHERE position = ?1", self.table);
        self.of(database.execute(&sql, [position])).map(drop)
    }

    pub(super) fn refuse(
        &self,
        database: &Connection,
        position: i64,
        why: &str,
    ) -> Result<(), DispatchError> {
        let sql = format!(
            "UPDATE \"{}\" SET refused = ?2 WHERE position = ?1",
            self.table
        );
        self.of(database.execute(&sql, params![position, why]))
            .map(drop)
    }

    pub(super) fn of<T>(&self, result: rusqlite::Result<T>) -> Result<T, DispatchError> {
        result.map_err(|error| failed(&self.table, error))
    }
}
