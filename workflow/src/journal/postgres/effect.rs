//! Effects that steps have in the database, in the transaction that records them.
//!
//! Each is done between two savepoints, so that one that fails takes nothing else with it. It finds tables where the
//! role looks for them, and not the journal's.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::time::{Duration, Instant};

use enact_action_core::Failure;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::link::{Steps, patient};
use super::problem::passing;
use super::{Options, Problem, Record, sql};
use crate::journal::work::{Database, Work};

/// How many transactions an effect may take with it before it is given up.
const MOST_SPOILT: u32 = 5;

/// The journal's transaction, in which a step does something with [`transact::postgres`](crate::transact::postgres).
///
/// It runs one statement at a time. None that would end the transaction, or change the connection for whoever comes
/// after, is sent: `COMMIT`, `ROLLBACK`, `SAVEPOINT`, `SET` and the like fail, and so does the step then. A statement
/// that the server takes longer for than a third of the lease fails.
pub struct Transaction<'a> {
    runtime: &'a Runtime,
    client: &'a Client,
    noted: RefCell<Noted>,
    /// Since when the server waits for it.
    idle: Cell<Instant>,
}

/// What the step can't keep to itself.
#[derive(Default)]
struct Noted {
    /// A statement that is not for it.
    refused: Option<SqlError>,
    /// What happened to all that is in the transaction.
    again: Option<String>,
    /// How long the server has waited for it at most.
    paused: Duration,
}

/// Why a statement was not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// It begins with that word, which is not for a step.
    #[error(
        "`{0}` would end the transaction that the journal is written in, or change its connection; leave that to the journal"
    )]
    Refused(&'static str),
    /// It has not answered in a minute.
    #[error("the server has not answered in time")]
    Slow,
    /// The server, or the way to it.
    #[error("{}", told(.0))]
    Postgres(#[from] tokio_postgres::Error),
}

/// What the server says, where it says something.
fn told(error: &tokio_postgres::Error) -> String {
    let told = error.as_db_error().map(|error| error.message().to_owned());
    told.unwrap_or_else(|| error.to_string())
}

impl SqlError {
    /// The server's code, such as that of a unique key which is there already.
    pub fn sql_state(&self) -> Option<&SqlState> {
        match self {
            Self::Refused(_) | Self::Slow => None,
            Self::Postgres(error) => error.code(),
        }
    }
}

impl Transaction<'_> {
    /// Runs a statement; how many rows it has changed.
    ///
    /// # Errors
    /// Where it is not for a step; where the server refuses it or is out of reach. Nothing but to fail is left to
    /// the step then.
    pub fn execute(&self, sql: &str, with: &[&(dyn ToSql + Sync)]) -> Result<u64, SqlError> {
        self.wait(sql, self.client.execute(sql, with))
    }

    /// Runs a statement; the rows that it returns.
    ///
    /// # Errors
    /// As those of [`execute`](Self::execute).
    pub fn query(&self, sql: &str, with: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, SqlError> {
        self.wait(sql, self.client.query(sql, with))
    }

    /// Runs a statement that returns one row.
    ///
    /// # Errors
    /// As those of [`execute`](Self::execute); where it is not one row.
    pub fn query_one(&self, sql: &str, with: &[&(dyn ToSql + Sync)]) -> Result<Row, SqlError> {
        self.wait(sql, self.client.query_one(sql, with))
    }

    /// Runs a statement that returns a row or none.
    ///
    /// # Errors
    /// As those of [`execute`](Self::execute); where it is more than one row.
    pub fn query_opt(
        &self,
        sql: &str,
        with: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, SqlError> {
        self.wait(sql, self.client.query_opt(sql, with))
    }

    fn wait<T>(
        &self,
        sql: &str,
        sent: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, SqlError> {
        if let Some(word) = sql::refused(sql) {
            self.noted.borrow_mut().refused = Some(SqlError::Refused(word));
            return Err(SqlError::Refused(word));
        }
        self.note_pause();
        let done = patient(self.runtime, async {
            Ok(sent.await.map_err(SqlError::from))
        });
        self.idle.set(Instant::now());
        let done = done.unwrap_or(Err(SqlError::Slow));
        if let Err(error) = &done
            && undoes_all(error)
        {
            self.noted.borrow_mut().again = Some(error.to_string());
        }
        done
    }
}

impl Transaction<'_> {
    fn note_pause(&self) {
        let mut noted = self.noted.borrow_mut();
        noted.paused = noted.paused.max(self.idle.get().elapsed());
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

/// Whether it is nothing that the step did, and the whole batch is to be done again.
fn undoes_all(error: &SqlError) -> bool {
    match error {
        SqlError::Refused(_) => false,
        SqlError::Slow => true,
        // A step that asks not to wait for a lock is told that it would have to.
        SqlError::Postgres(error) => {
            error.code() != Some(&SqlState::LOCK_NOT_AVAILABLE) && passing(error)
        }
    }
}

/// Does an effect; its record, or nothing, where it is as if it had not been.
///
/// One that paused for so long that the server ended the session is not begun again: it would pause again.
pub(super) fn perform(steps: &mut Steps<'_>, work: &Work) -> Result<Option<Record>, Problem> {
    if let Some(failure) = given_up(work) {
        work.fail(failure);
        return Ok(None);
    }
    let begin = begin(steps.options);
    steps.wait(async |to| to.execute(&begin).await)?;
    let began = Instant::now();
    let (record, noted) = {
        let (runtime, client) = steps.bare();
        let transaction = Transaction {
            runtime,
            client,
            noted: RefCell::default(),
            idle: Cell::new(began),
        };
        let record = work.act(Database::Postgres(&transaction));
        transaction.note_pause();
        (record, transaction.noted.into_inner())
    };
    let (took, paused) = (began.elapsed(), noted.paused);
    match done(steps, work, record, noted) {
        Err(problem) if problem.settles() && ends_session(paused, steps.options) => {
            work.slow();
            Err(Problem::Paused)
        }
        Err(problem) if problem.settles() && took >= steps.options.lease => {
            if !matches!(problem, Problem::Again(_)) {
                work.spoil();
            }
            Err(Problem::Paused)
        }
        done => done,
    }
}

/// Whether the server ends a session that pauses for so long; it measures a little more than is seen here.
fn ends_session(paused: Duration, options: &Options) -> bool {
    paused >= options.most_idle() * 19 / 20
}

/// Why an effect is not begun again, where it is not.
fn given_up(work: &Work) -> Option<Failure> {
    if work.is_slow() {
        let message = "it paused for longer than the worker's lease, and the server ended its session; do before it what takes \
                       long, or open the journal with a longer lease";
        return Some(Failure::retryable("transact.slow", message));
    }
    if work.spoilt() < MOST_SPOILT {
        return None;
    }
    let message = format!(
        "the transaction could not go on after it {MOST_SPOILT} times: deadlocks, or lost connections"
    );
    Some(Failure::retryable("transact.spoilt", message))
}

/// What came of an effect that was called: it is kept, or gone back from.
fn done(
    steps: &mut Steps<'_>,
    work: &Work,
    record: Option<Record>,
    noted: Noted,
) -> Result<Option<Record>, Problem> {
    if let Some(why) = noted.again {
        work.spoil();
        return Err(Problem::Again(why));
    }
    if let Some(refused) = noted.refused {
        let failure = Failure::misconfigured("transact.refused", refused.to_string());
        work.fail(failure.because(refused));
        return undo(steps);
    }
    let Some(record) = record else {
        return undo(steps);
    };
    let end = end(steps.options);
    match steps.wait(async |to| to.execute(&end).await) {
        Ok(()) => Ok(Some(record)),
        Err(Problem::Postgres(error)) if error.as_db_error().is_some() && !passing(&error) => {
            let undone = undo(steps)?;
            work.fail(unfit(error));
            Ok(undone)
        }
        Err(problem) => Err(problem),
    }
}

/// Why what a step took for done can't be kept.
fn unfit(error: tokio_postgres::Error) -> Failure {
    if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) {
        let message = "a statement failed, after which nothing can be kept of those before it; fail with its error";
        return Failure::terminal("transact.aborted", message).because(error);
    }
    SqlError::from(error).into()
}

/// What comes before an effect.
fn begin(options: &Options) -> String {
    let limit = (options.lease / 3).as_millis().max(1);
    format!("SAVEPOINT enact_work; SET search_path TO DEFAULT; SET statement_timeout TO {limit};")
}

/// What comes after it. Constraints that wait for the commit are looked at now, and wait again: so whoever breaks one fails
/// alone. What the effect may have changed about the connection is set anew.
fn end(options: &Options) -> String {
    format!(
        "SAVEPOINT enact_check; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO enact_check; \
         SET search_path TO \"{}\"; SET statement_timeout TO DEFAULT; SET synchronous_commit TO on; \
         RELEASE enact_work;",
        options.schema
    )
}

/// Goes back to before an effect.
fn undo(steps: &mut Steps<'_>) -> Result<Option<Record>, Problem> {
    let undone = steps.wait(async |to| {
        to.execute("ROLLBACK TO enact_work; RELEASE enact_work;")
            .await
    });
    match undone {
        Err(Problem::Postgres(error)) if is_gone(&error) => Err(Problem::Ended),
        undone => undone.map(|()| None),
    }
}

/// Whether there is no transaction any more, or not the one that was begun.
fn is_gone(error: &tokio_postgres::Error) -> bool {
    let gone = [
        SqlState::NO_ACTIVE_SQL_TRANSACTION,
        SqlState::S_E_INVALID_SPECIFICATION,
    ];
    error.code().is_some_and(|code| gone.contains(code))
}
