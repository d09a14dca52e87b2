//! One connection, made when it is needed, and made anew when it was lost.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::config::Host;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Row, Statement};

use super::connect::connect;
use super::{Options, Problem, StoreError};

/// How long one thing may take before its connection is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection and what drives it. It blocks, so it is used from a thread that may wait.
#[derive(Debug)]
pub(super) struct Link {
    config: Config,
    options: Options,
    session: Option<Session>,
    /// None only while this is dropped.
    runtime: Option<Runtime>,
}

/// A connection that is set up, with the statements that it has prepared.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

/// A statement with what it is given.
pub(super) struct Order<'a> {
    sql: &'static str,
    with: Vec<Column<'a>>,
}

pub(super) type Column<'a> = Box<dyn ToSql + Sync + 'a>;

impl<'a> Order<'a> {
    pub(super) fn new(sql: &'static str, with: Vec<Column<'a>>) -> Self {
        Self { sql, with }
    }
}

impl Link {
    pub(super) fn new(url: &str, options: &Options) -> Result<Self, StoreError> {
        let opened = || -> Result<Self, Problem> {
            let mut config: Config = url.parse()?;
            #[cfg(not(feature = "postgres-tls"))]
            if config.get_ssl_mode() == tokio_postgres::config::SslMode::Require {
                return Err(Problem::Plain);
            }
            config.connect_timeout(Duration::from_secs(5));
            if config.get_application_name().is_none() {
                config.application_name("enact");
            }
            Self::made(config, options.clone())
        };
        // An address may have a password in it, so it is not told.
        opened().map_err(|error| StoreError::new("open", "of that address", error))
    }

    fn made(config: Config, options: Options) -> Result<Self, Problem> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self {
            config,
            options,
            session: None,
            runtime: Some(runtime),
        })
    }

    /// Another one to the same place.
    pub(super) fn another(&self) -> Result<Self, Problem> {
        Self::made(self.config.clone(), self.options.clone())
    }

    pub(super) fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// Does some work, on a new connection where there is none. Where it fails, the connection is gone, and with it
    /// what was not committed.
    pub(super) fn run<T>(
        &mut self,
        make_it: bool,
        work: &impl AsyncFn(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.run_in_steps(make_it, &|steps| steps.wait(work))
    }

    /// The same of work that does something else between what it waits for.
    pub(super) fn run_in_steps<T>(
        &mut self,
        make_it: bool,
        work: &impl Fn(&mut Steps<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let session = self.session.take();
        let Some(runtime) = &self.runtime else {
            return Err(Problem::Slow);
        };
        let session = match session {
            Some(session) => session,
            None => patient(runtime, connect(&self.config, &self.options, make_it))?,
        };
        let mut steps = Steps {
            runtime,
            options: &self.options,
            session,
        };
        let done = work(&mut steps)?;
        self.session = Some(steps.session);
        Ok(done)
    }

    /// Waits.
    pub(super) fn pause(&self, wait: Duration) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(async { tokio::time::sleep(wait).await });
        }
    }

    pub(super) fn told<T>(
        &self,
        doing: &'static str,
        result: Result<T, Problem>,
    ) -> Result<T, StoreError> {
        result.map_err(|error| StoreError::new(doing, self.place(), error))
    }

    /// Where the journal is, without what is secret.
    fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let database = self.config.get_dbname().unwrap_or_default();
        format!("{} in {database:?} at {host:?}", self.options.schema)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waits for nothing, so it may be dropped anywhere.
            runtime.shutdown_background();
        }
    }
}

/// A connection in use, by who waits for one thing after the other.
#[derive(Debug)]
pub(super) struct Steps<'a> {
    runtime: &'a Runtime,
    pub(super) options: &'a Options,
    session: Session,
}

impl Steps<'_> {
    /// Waits for one thing.
    pub(super) fn wait<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        patient(self.runtime, work(&mut self.session))
    }

    /// The connection as it is, and what drives it.
    pub(super) fn bare(&self) -> (&Runtime, &Client) {
        (self.runtime, &self.session.client)
    }
}

/// Waits, but not for ever.
pub(super) fn patient<T>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let done = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
    done.unwrap_or(Err(Problem::Slow))
}

/// Does what blocks on a thread of its own, where this one is a runtime's.
pub(super) fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if Handle::try_current().is_err() {
        return work();
    }
    let done = std::thread::scope(|threads| threads.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            prepared: HashMap::new(),
        }
    }

    async fn prepared(&mut self, sql: &'static str) -> Result<Statement, Problem> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Asks for rows.
    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        with: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Problem> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.query(&statement, with).await?)
    }

    /// Runs statements that ask for nothing, all in one.
    pub(super) async fn execute(&self, sql: &str) -> Result<(), Problem> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Sends statements in that order, and waits once for what they return.
    pub(super) async fn trip(&mut self, orders: &[Order<'_>]) -> Result<Vec<Vec<Row>>, Problem> {
        let mut statements = Vec::with_capacity(orders.len());
        for order in orders {
            statements.push(self.prepared(order.sql).await?);
        }
        let client = &self.client;
        let sent = orders.iter().zip(&statements).map(|(order, statement)| {
            let sent: Pin<Box<dyn Future<Output = _>>> = Box::pin(async move {
                let with: Vec<&(dyn ToSql + Sync)> =
                    order.with.iter().map(|column| &**column).collect();
                client.query(statement, &with).await
            });
            (sent, None)
        });
        let mut sent: Vec<_> = sent.collect();
        poll_fn(|task| {
            for (answer, answered) in &mut sent {
                if answered.is_none()
                    && let Poll::Ready(rows) = answer.as_mut().poll(task)
                {
                    *answered = Some(rows);
                }
            }
            if sent.iter().all(|(_, answered)| answered.is_some()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        let answers = sent.into_iter().filter_map(|(_, answered)| answered);
        // The first that has failed tells why; those after it only that it has.
        Ok(answers.collect::<Result<_, _>>()?)
    }
}
