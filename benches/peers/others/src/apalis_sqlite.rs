//! apalis-workflow on `SQLite`, each step a task of its queue.
//!
//! Its `setup` turns `synchronous` off on one of the connections that it is given, so here it is given
//! a connection for that alone, and works on others that are set to `FULL`. A run has no answer to
//! wait for but by polling, so its last step says that it has ended, before that is written.

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteStorage};
use apalis_workflow::{SteppedFlow, WorkflowSink};
use enact_peers_cell::{Cell, Ended, Measured, Outcome, STEPS, Server, closed_loop, step};

/// How often the queue is looked at.
const POLL: Duration = Duration::from_millis(1);

async fn count(from: u64) -> Result<u64, BoxDynError> {
    Ok(step(from))
}

pub(crate) async fn measure(cell: &Cell) -> Outcome<Measured> {
    let options: SqliteConnectOptions =
        format!("sqlite:{}", cell.folder.join("runs.db").display()).parse()?;
    let options = options
        .create_if_missing(true)
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", "FULL")
        .busy_timeout(Duration::from_secs(30));
    let setup = SqlitePool::connect_with(options.clone()).await?;
    SqliteStorage::setup(&setup).await?;
    setup.close().await;
    let pool = SqlitePoolOptions::new().connect_with(options).await?;

    let ended = Arc::new(Ended::default());
    let last = Arc::clone(&ended);
    let five = SteppedFlow::new("five")
        .and_then(count)
        .and_then(count)
        .and_then(count)
        .and_then(count)
        .and_then(move |from: u64| {
            let last = Arc::clone(&last);
            async move {
                last.tell(step(from));
                Ok::<_, BoxDynError>(())
            }
        });
    let storage = SqliteStorage::<u64>::new(&pool);
    let worker = WorkerBuilder::new("five")
        .backend(storage.clone().poll_with_interval(POLL))
        .build(five);
    tokio::spawn(worker.run());
    closed_loop(cell, &Server::None, move |from| {
        let (mut storage, ended) = (storage.clone(), Arc::clone(&ended));
        async move {
            let over = ended.wait(from + STEPS);
            storage.push_start(from).await?;
            over.await?;
            Ok(from + STEPS)
        }
    })
    .await
}
