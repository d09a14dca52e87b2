//! The table.

use enact_signal_core::{Envelope, Limits, json};
use rusqlite::{Connection, params};

use super::failed;
use crate::dispatch::DispatchError;
use crate::dispatch::outbox::batch::{Row, Settled};
use crate::dispatch::outbox::name;

/// A table of signals that are to be delivered, in the order in which they were put.
///
/// Its columns are those of every [outbox](crate::dispatch::outbox).
///
/// ```
/// use enact_signal_bus::dispatch::local::Channel;
/// use enact_signal_bus::dispatch::outbox::{Outbox, Relay};
/// use enact_signal_core::Envelope;
/// use rusqlite::Connection;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let mut database = Connection::open_in_memory()?;
/// let outbox = Outbox::new("orders_outbox")?;
/// outbox.create(&database)?;
///
/// let transaction = database.transaction()?;
/// transaction.execute_batch("CREATE TABLE orders (id INTEGER PRIMARY KEY)")?;
/// outbox.put(&transaction, &Envelope::builder("order.created", "/orders").build()?)?;
/// transaction.commit()?;
///
/// let (channel, mut arrived) = Channel::bounded("shipping", 16);
/// let relay = Relay::new(outbox, database, channel);
/// assert_eq!(relay.drain().await?.delivered, 1);
/// assert_eq!(arrived.recv().await.map(|signal| signal.ty().to_string()).as_deref(), Some("order.created"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    table: String,
}

impl Outbox {
    /// The table of that name: lower-case letters, digits and `_`.
    ///
    /// # Errors
    /// [`Kind::Misconfigured`](crate::dispatch::Kind::Misconfigured) where it is none.
    pub fn new(table: impl Into<String>) -> Result<Self, DispatchError> {
        let table = name::table(table.into())?;
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
    /// [`Kind::Unwritable`](crate::dispatch::Kind::Unwritable) where the signal can't be written, and those of the database.
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

    /// Writes down what came of a batch.
    pub(super) fn settle(
        &self,
        database: &mut Connection,
        settled: &Settled,
    ) -> Result<(), DispatchError> {
        let delete = format!("DELETE FROM \"{}\" WHERE position = ?1", self.table);
        let refuse = format!(
            "UPDATE \"{}\" SET refused = ?2 WHERE position = ?1",
            self.table
        );
        let mut write = || -> rusqlite::Result<()> {
            let transaction = database.transaction()?;
            for position in &settled.delivered {
                transaction.prepare_cached(&delete)?.execute([position])?;
            }
            for (position, why) in &settled.refused {
                let row = params![position, why];
                transaction.prepare_cached(&refuse)?.execute(row)?;
            }
            transaction.commit()
        };
        self.of(write())
    }

    fn of<T>(&self, result: rusqlite::Result<T>) -> Result<T, DispatchError> {
        result.map_err(|error| failed(&self.table, error))
    }
}
