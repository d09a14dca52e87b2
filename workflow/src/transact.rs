//! Effects in the journal's own database: there once, together with their record.

use enact_action_core::{Context, Failure};
#[cfg(feature = "sqlite")]
pub use rusqlite;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::to_raw_value;
#[cfg(feature = "postgres")]
pub use tokio_postgres;

use crate::journal::Database;
#[cfg(feature = "postgres")]
pub use crate::journal::postgres::{SqlError, Transaction};
use crate::run::Carried;

/// Does something in the `SQLite` file that the run is recorded in, exactly once.
///
/// What `act` writes and the record that it did are one transaction: a crash leaves both or neither. Where
/// the record is there, `act` is not called again, and what it returned is returned; so the effect is there
/// once, whatever happens to the step around it. `name` tells apart what one step does.
///
/// `act` runs on the journal's own thread, inside of a transaction that other runs' records share: it should
/// be short, and must not end the transaction. It may be called again before it is recorded; what it wrote then is
/// rolled back. Tables for it are made when the journal is opened, by
/// [`Settings::tables`](crate::engine::Settings::tables).
///
/// ```
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::workflow;
/// use enact_workflow::engine::{Engine, Settings};
/// use enact_workflow::transact;
///
/// /// Books an amount.
/// #[derive(Action)]
/// # #[action(crate = enact_action_core)]
/// struct Book {
///     /// How much.
///     cents: u32,
/// }
///
/// impl Run for Book {
///     type Output = u32;
///     async fn run(&self, cx: &Context) -> Result<u32, Failure> {
///         let cents = self.cents;
///         transact::sqlite(cx, "book", move |db| {
///             db.execute("INSERT INTO booked (cents) VALUES (?1)", [cents])?;
///             Ok(db.query_row("SELECT sum(cents) FROM booked", (), |row| row.get(0))?)
///         })
///         .await
///     }
/// }
///
/// workflow! {
///     /// Books something.
///     Booking { cents: u32 } -> u32 {
///         step total = Book { cents };
///         total
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("enact-transact-{}.db", std::process::id()));
/// let settings = Settings::default().tables("CREATE TABLE IF NOT EXISTS booked (cents INTEGER)");
/// let engine = Engine::open_with(&path, settings, &Context::new())?;
/// let run = engine.start("a", Booking::new(5_u32)).await?;
/// assert_eq!(run.answer().await?, 5);
/// # engine.close().await;
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// What `act` fails with, and nothing of it is there; `transact.no_database` outside of a step of a durable
/// run over `SQLite`; the journal's own failure, where it can't be written.
#[cfg(feature = "sqlite")]
pub async fn sqlite<T: Serialize + DeserializeOwned>(
    cx: &Context,
    name: &str,
    act: impl Fn(&rusqlite::Connection) -> Result<T, Failure> + Send + Sync + 'static,
) -> Result<T, Failure> {
    once(cx, name, "SQLite", move |database| match database {
        Database::Sqlite(connection) => Some(act(connection)),
        _ => None,
    })
    .await
}

/// Does something in the `PostgreSQL` database that the run is recorded in, exactly once.
///
/// What `act` writes and the record that it did are one transaction, which proves that this worker's lease still
/// holds: a crash leaves both or neither, and a worker whose runs are others' now writes nothing. Where
/// the record is there, `act` is not called again, and what it returned is returned; so the effect is there
/// once, whatever happens to the step around it. `name` tells apart what one step does.
///
/// `act` runs on the journal's own thread, between two savepoints of a transaction that other runs' records share: it
/// should be short, and whoever waits for a row that it has changed waits for all of them. What it can't do is told
/// at [`Transaction`]. It may be called again before it is recorded, as after a deadlock or a lost connection; what it
/// wrote then is rolled back. It finds tables where the role looks for them, `public` as a rule, and not the
/// journal's. Tables for it are made when the journal is opened, by
/// [`Settings::tables`](crate::engine::Settings::tables) or
/// [`Options::tables`](crate::journal::postgres::Options::tables).
///
/// ```no_run
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::workflow;
/// use enact_workflow::engine::{Engine, Settings};
/// use enact_workflow::transact;
///
/// /// Books an amount.
/// #[derive(Action)]
/// # #[action(crate = enact_action_core)]
/// struct Book {
///     /// How much.
///     cents: u32,
/// }
///
/// impl Run for Book {
///     type Output = i64;
///     async fn run(&self, cx: &Context) -> Result<i64, Failure> {
///         let cents = i64::from(self.cents);
///         transact::postgres(cx, "book", move |db| {
///             db.execute("INSERT INTO booked (cents) VALUES ($1)", &[&cents])?;
///             let sum = db.query_one("SELECT sum(cents)::int8 FROM booked", &[])?;
///             Ok(sum.try_get(0)?)
///         })
///         .await
///     }
/// }
///
/// workflow! {
///     /// Books something.
///     Booking { cents: u32 } -> i64 {
///         step total = Book { cents };
///         total
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::default().tables("CREATE TABLE IF NOT EXISTS booked (cents BIGINT)");
/// let url = "postgres://postgres@127.0.0.1:5432/test";
/// let engine = Engine::postgres_with(url, settings, &Context::new()).await?;
/// let run = engine.start("a", Booking::new(5_u32)).await?;
/// assert_eq!(run.answer().await?, 5);
/// # engine.close().await;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// What `act` fails with, and nothing of it is there; `transact.refused` where it would end the transaction, and
/// `transact.aborted` where it makes light of a statement that failed; `transact.slow` where it pauses for longer
/// than the worker's lease, so that its session is ended; `transact.spoilt` where the
/// transaction was lost with it five times; `transact.no_database` outside of a step of a
/// durable run over `PostgreSQL`; the journal's own failure, where it can't be written.
#[cfg(feature = "postgres")]
pub async fn postgres<T: Serialize + DeserializeOwned>(
    cx: &Context,
    name: &str,
    act: impl Fn(&Transaction<'_>) -> Result<T, Failure> + Send + Sync + 'static,
) -> Result<T, Failure> {
    once(cx, name, "PostgreSQL", move |database| match database {
        Database::Postgres(transaction) => Some(act(transaction)),
        _ => None,
    })
    .await
}

/// Does something in the journal's database, where that is the one it is for.
async fn once<T: Serialize + DeserializeOwned>(
    cx: &Context,
    name: &str,
    which: &'static str,
    act: impl Fn(Database<'_>) -> Option<Result<T, Failure>> + Send + Sync + 'static,
) -> Result<T, Failure> {
    let acted = move |database: Database<'_>| {
        let done = act(database).ok_or_else(|| no_database(which))?;
        Ok(to_raw_value(&done?)?)
    };
    let carried = cx.carried::<Carried>();
    let journal = carried.and_then(|carried| Some((carried.journal.as_ref()?, &carried.prefix)));
    let (journal, path) = journal.ok_or_else(|| no_database(which))?;
    let answer = journal.transact(path, name, acted).await?;
    Ok(serde_json::from_str(answer.get())?)
}

fn no_database(which: &str) -> Failure {
    let message = format!(
        "what is to be written together with the journal needs a step of a run that an engine over {which} runs"
    );
    Failure::misconfigured("transact.no_database", message)
}
