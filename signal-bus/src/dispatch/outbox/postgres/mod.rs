//! The outbox in a `PostgreSQL` database, which several relays may share.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::local::Console;
//! use enact_signal_bus::dispatch::outbox::postgres::{Outbox, Relay};
//! use enact_signal_core::Envelope;
//! use tokio_postgres::NoTls;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "postgres://shop@127.0.0.1/shop";
//! let (mut database, connection) = tokio_postgres::connect(url, NoTls).await?;
//! let driving = tokio::spawn(connection);
//! let outbox = Outbox::new("orders_outbox")?;
//! outbox.create(&database).await?;
//!
//! let transaction = database.transaction().await?;
//! transaction.execute("INSERT INTO orders (id) VALUES (1042)", &[]).await?;
//! outbox.put(&transaction, &Envelope::builder("order.created", "/orders").build()?).await?;
//! transaction.commit().await?;
//!
//! let relay = Relay::new(outbox, database, Console::default());
//! assert_eq!(relay.drain().await?.delivered, 1);
//! # drop(driving);
//! # Ok(())
//! # }
//! ```
//!
//! # Several relays
//!
//! A relay takes its turn, a lock that its transaction holds while it reads, delivers and writes down one batch of a hundred.
//! So no two deliver at the same time, whatever becomes of one gives its turn up with its connection, and all of them together
//! keep the order of the table. A second relay makes the outbox outlive a process, not faster.
//!
//! # Order
//!
//! Positions are given when signals are put, and seen when transactions commit. Each batch begins at the lowest position
//! that is there, so one that commits later than its successor is delivered later, and never left out. Where a transaction waits
//! for another before it puts, as those do that change the same row first, their signals go in that order.

mod relay;
mod table;

use enact_signal_core::{Envelope, Limits};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

pub use self::relay::Relay;
pub use self::table::Outbox;
use crate::dispatch::target::{alone, shared};
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// A table as a target: for signals that nothing else is written with.
///
/// Several signals are one statement, so all that can be written are there, or none.
#[derive(Debug)]
pub struct OutboxTarget {
    name: String,
    outbox: Outbox,
    database: Client,
    limits: Limits,
}

impl OutboxTarget {
    /// That table, in a database that it has a connection of its own to, which somebody else drives.
    pub fn new(name: impl Into<String>, outbox: Outbox, database: Client) -> Self {
        Self {
            name: name.into(),
            outbox,
            database,
            limits: Limits::default(),
        }
    }

    async fn put(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let written = signals.iter().map(|signal| {
            let written = self.outbox.write(signal, &self.limits);
            written.map_err(|error| error.named(&self.name))
        });
        let written: Vec<_> = written.collect();
        let rows: Vec<_> = written.iter().filter_map(|row| row.as_ref().ok()).collect();
        if let Err(error) = self.outbox.insert(&self.database, &rows).await {
            return shared(&Err(error.named(&self.name)), signals.len());
        }
        written.into_iter().map(|row| row.map(drop)).collect()
    }

    async fn test(&self) -> Outcome {
        let left = self.outbox.left(&self.database).await;
        left.map(drop).map_err(|error| error.named(&self.name))
    }
}

impl Target for OutboxTarget {
    fn name(&self) -> &str {
        &self.name
    }

    /// Looks whether the table is there.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(self.test())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async { alone(self.put(std::slice::from_ref(signal)).await) })
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(self.put(signals))
    }

    fn is_joint(&self) -> bool {
        true
    }
}

/// What a database's failure means.
fn failed(name: &str, error: tokio_postgres::Error) -> DispatchError {
    let (kind, what) = match error.code() {
        None => (
            Kind::Unreachable,
            "the connection to the database broke off; connect anew",
        ),
        Some(code) => meaning(code),
    };
    DispatchError::new(kind, name, what).because(error)
}

fn meaning(code: &SqlState) -> (Kind, &'static str) {
    match *code {
        SqlState::UNDEFINED_TABLE
        | SqlState::UNDEFINED_COLUMN
        | SqlState::DATATYPE_MISMATCH
        | SqlState::INVALID_COLUMN_REFERENCE
        | SqlState::WRONG_OBJECT_TYPE => (
            Kind::Misconfigured,
            "the table is not there or is another one; create it with `Outbox::create`",
        ),
        SqlState::INSUFFICIENT_PRIVILEGE => (
            Kind::Misconfigured,
            "the database does not allow that; grant the role its table",
        ),
        SqlState::LOCK_NOT_AVAILABLE => (Kind::Busy, "another relay has the turn; retry"),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => (
            Kind::Unreachable,
            "the database ended the connection; connect anew",
        ),
        _ => (Kind::Failed, "the database failed; its own error says why"),
    }
}
