//! The table.

use enact_signal_core::{Envelope, Limits, json};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Transaction};

use super::failed;
use crate::dispatch::outbox::batch::{Row, Settled};
use crate::dispatch::outbox::name;
use crate::dispatch::{DispatchError, Kind};

/// Held by whoever makes a table or relays from one: `enob`.
const LOCK: i32 = 0x656e_6f62;

/// So long a source and an id may be together, which is what an index takes.
const MOST: usize = 2000;

/// A table of signals that are to be delivered, in the order in which they were put.
///
/// Its columns are those of every [outbox](crate::dispatch::outbox); it is where the connection's `search_path` leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    table: String,
}

/// A signal as it stands in the table.
pub(super) struct Written {
    source: String,
    id: String,
    ty: String,
    event: Vec<u8>,
}

/// A parameter and its type.
type Column<'a> = (&'a (dyn ToSql + Sync), Type);

impl Outbox {
    /// The table of that name: lower-case letters, digits and `_`.
    ///
    /// # Errors
    /// [`Kind::Misconfigured`] where it is none.
    pub fn new(table: impl Into<String>) -> Result<Self, DispatchError> {
        let table = name::table(table.into())?;
        Ok(Self { table })
    }

    /// The name of the table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Makes the table where it is not there yet; several may do so at the same time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn create(
        &self,
        database: &(impl GenericClient + Sync),
    ) -> Result<(), DispatchError> {
        let sql = format!(
            "DO $$ BEGIN
                PERFORM pg_advisory_xact_lock({LOCK}, 0);
                CREATE TABLE IF NOT EXISTS \"{}\" (
                    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    source TEXT COLLATE \"C\" NOT NULL,
                    id TEXT COLLATE \"C\" NOT NULL,
                    type TEXT NOT NULL,
                    event BYTEA NOT NULL,
                    refused TEXT,
                    UNIQUE (source, id)
                );
            END $$",
            self.table
        );
        self.of(database.batch_execute(&sql).await)
    }

    /// Puts a signal, as part of whatever transaction that is.
    ///
    /// # Errors
    /// [`Kind::Unwritable`] where the signal can't be written, or its source and id are longer than 2000 bytes together; the
    /// transaction goes on then. Those of the database, which end it.
    pub async fn put(
        &self,
        database: &(impl GenericClient + Sync),
        signal: &Envelope,
    ) -> Result<(), DispatchError> {
        let row = self.write(signal, &Limits::default())?;
        self.insert(database, &[&row]).await
    }

    /// How many signals are still to be delivered.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn left(&self, database: &(impl GenericClient + Sync)) -> Result<u64, DispatchError> {
        self.count(database, "refused IS NULL").await
    }

    /// How many signals the target has refused for good; they stay until somebody looks at them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refused(
        &self,
        database: &(impl GenericClient + Sync),
    ) -> Result<u64, DispatchError> {
        self.count(database, "refused IS NOT NULL").await
    }

    /// Has what was refused delivered again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn redrive(
        &self,
        database: &(impl GenericClient + Sync),
    ) -> Result<u64, DispatchError> {
        let sql = format!(
            "UPDATE \"{}\" SET refused = NULL WHERE refused IS NOT NULL",
            self.table
        );
        self.of(database.execute_typed(&sql, &[]).await)
    }

    async fn count(
        &self,
        database: &(impl GenericClient + Sync),
        condition: &str,
    ) -> Result<u64, DispatchError> {
        let sql = format!("SELECT count(*) FROM \"{}\" WHERE {condition}", self.table);
        let row = database.query_typed_one(&sql, &[]).await;
        let count: i64 = self.of(row.and_then(|row| row.try_get(0)))?;
        Ok(count.unsigned_abs())
    }

    pub(super) fn write(
        &self,
        signal: &Envelope,
        limits: &Limits,
    ) -> Result<Written, DispatchError> {
        let event = json::write(signal, limits);
        let event = event.map_err(|error| DispatchError::unwritable(&self.table, error))?;
        let (source, id) = (signal.source().to_owned(), signal.id().to_owned());
        let found = source.len() + id.len();
        if found > MOST {
            let what = format!("its source and id have {found} bytes together, {MOST} at most");
            return Err(DispatchError::new(Kind::Unwritable, &self.table, what));
        }
        let ty = signal.ty().as_str().to_owned();
        Ok(Written {
            source,
            id,
            ty,
            event,
        })
    }

    pub(super) async fn insert(
        &self,
        database: &(impl GenericClient + Sync),
        rows: &[&Written],
    ) -> Result<(), DispatchError> {
        if rows.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO \"{}\" (source, id, type, event)
             SELECT source, id, type, event
             FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS row (source, id, type, event, at)
             ORDER BY at ON CONFLICT (source, id) DO NOTHING",
            self.table
        );
        let sources: Vec<_> = rows.iter().map(|row| &*row.source).collect();
        let ids: Vec<_> = rows.iter().map(|row| &*row.id).collect();
        let types: Vec<_> = rows.iter().map(|row| &*row.ty).collect();
        let events: Vec<_> = rows.iter().map(|row| &*row.event).collect();
        let columns: [Column<'_>; 4] = [
            (&sources, Type::TEXT_ARRAY),
            (&ids, Type::TEXT_ARRAY),
            (&types, Type::TEXT_ARRAY),
            (&events, Type::BYTEA_ARRAY),
        ];
        let put = database.execute_typed(&sql, &columns);
        self.of(put.await).map(drop)
    }

    /// Waits until nobody else delivers from this table; the transaction's end gives the turn up. Who can't be heard of any
    /// more loses it with the connection, which the server ends after five minutes.
    pub(super) async fn turn(&self, transaction: &Transaction<'_>) -> Result<(), DispatchError> {
        let sql = format!(
            "SET LOCAL lock_timeout = '10s';
             SET LOCAL idle_in_transaction_session_timeout = '5min';
             SELECT pg_advisory_xact_lock({LOCK}, '\"{}\"'::regclass::oid::int)",
            self.table
        );
        self.of(transaction.batch_execute(&sql).await)
    }

    /// The next ones, in their order.
    pub(super) async fn next(
        &self,
        transaction: &Transaction<'_>,
        most: usize,
    ) -> Result<Vec<Row>, DispatchError> {
        let sql = format!(
            "SELECT position, event FROM \"{}\" WHERE refused IS NULL ORDER BY position LIMIT {most}",
            self.table
        );
        let rows = self.of(transaction.query_typed(&sql, &[]).await)?;
        let rows = rows.iter().map(|row| {
            let (position, event) = (row.try_get(0)?, row.try_get(1)?);
            Ok(Row { position, event })
        });
        self.of(rows.collect())
    }

    /// Writes down what came of a batch.
    pub(super) async fn settle(
        &self,
        transaction: &Transaction<'_>,
        settled: &Settled,
    ) -> Result<(), DispatchError> {
        let delete = format!("DELETE FROM \"{}\" WHERE position = ANY ($1)", self.table);
        let refuse = format!(
            "UPDATE \"{}\" AS row SET refused = why
             FROM unnest($1, $2) AS settled (position, why) WHERE row.position = settled.position",
            self.table
        );
        let columns: [Column<'_>; 1] = [(&settled.delivered, Type::INT8_ARRAY)];
        let deleted = transaction.execute_typed(&delete, &columns);
        self.of(deleted.await)?;
        if settled.refused.is_empty() {
            return Ok(());
        }
        let positions: Vec<_> = settled.refused.iter().map(|(at, _)| at).collect();
        // Text of PostgreSQL holds any character but this.
        let reasons = settled
            .refused
            .iter()
            .map(|(_, why)| why.replace('\0', " "));
        let reasons: Vec<_> = reasons.collect();
        let columns: [Column<'_>; 2] =
            [(&positions, Type::INT8_ARRAY), (&reasons, Type::TEXT_ARRAY)];
        let marked = transaction.execute_typed(&refuse, &columns);
        self.of(marked.await).map(drop)
    }

    pub(super) fn of<T>(
        &self,
        result: Result<T, tokio_postgres::Error>,
    ) -> Result<T, DispatchError> {
        result.map_err(|error| failed(&self.table, error))
    }
}
