//! underway on `PostgreSQL`: a job of five steps, each of which is a task of its queue.
//!
//! A job has no answer to wait for, so its last step says that it has ended, just before its commit.

use std::sync::Arc;

use enact_peers_cell::{Cell, Ended, Measured, Outcome, STEPS, closed_loop, step};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use underway::{Job, To};

use crate::postgres;

/// How many tasks are worked on at once at most; it comes with one for each processor.
const AT_ONCE: usize = 16;

pub(crate) async fn measure(cell: &Cell) -> Outcome<Measured> {
    let url = cell.database()?;
    let server = postgres::server(url).await?;
    let connections = AT_ONCE as u32 * 2;
    let pool = PgPoolOptions::new().max_connections(connections);
    let pool = pool.connect(url).await?;
    underway::run_migrations(&pool).await?;
    let ended = Arc::new(Ended::default());
    let mut worker = five(&pool, &ended).await?.worker();
    worker.set_concurrency_limit(AT_ONCE);
    tokio::spawn(async move {
        if let Err(error) = worker.run().await {
            eprintln!("the worker of underway ended: {error}");
        }
    });
    let job = five(&pool, &ended).await?;
    let job = Arc::new(job);
    closed_loop(cell, &server, move |from| {
        let (job, ended) = (Arc::clone(&job), Arc::clone(&ended));
        async move {
            let over = ended.wait(from + STEPS);
            job.enqueue(&from).await?;
            over.await?;
            Ok(from + STEPS)
        }
    })
    .await
}

/// The job: one to work on, one to enqueue with. A job that does both begins runs at whichever step
/// it works on just then.
async fn five(pool: &PgPool, ended: &Arc<Ended>) -> Outcome<Job<u64, ()>> {
    let ended = Arc::clone(ended);
    let job = Job::builder()
        .step(|_, from: u64| async move { To::next(step(from)) })
        .step(|_, from: u64| async move { To::next(step(from)) })
        .step(|_, from: u64| async move { To::next(step(from)) })
        .step(|_, from: u64| async move { To::next(step(from)) })
        .step(move |_, from: u64| {
            let ended = Arc::clone(&ended);
            async move {
                ended.tell(step(from));
                To::done()
            }
        })
        .name("five")
        .pool(pool.clone());
    Ok(job.build().await?)
}
