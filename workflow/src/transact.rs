//! Effects in the journal's own database: there once, together with their record.

use enact_action_core::{Context, Failure};
#[cfg(feature = "sqlite")]
pub use rusqlite;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::to_raw_value;

use crate::journal::Database;
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
    let in_sqlite = move |database: Database<'_>| match database {
        Database::Sqlite(connection) => Ok(to_raw_value(&act(connection)?)?),
        _ => Err(no_database("SQLite")),
    };
    let carried = cx.carried::<Carried>();
    let journal = carried.and_then(|carried| Some((carried.journal.as_ref()?, &carried.prefix)));
    let (journal, path) = journal.ok_or_else(|| no_database("SQLite"))?;
    let answer = journal.transact(path, name, in_sqlite).await?;
    Ok(serde_json::from_str(answer.get())?)
}

fn no_database(which: &str) -> Failure {
    let message = format!(
        "what is to be written together with the journal needs a step of a run that an engine over {which} runs"
    );
    Failure::misconfigured("transact.no_database", message)
}
