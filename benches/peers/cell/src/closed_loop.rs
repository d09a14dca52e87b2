//! A closed loop: each of so many tasks begins a run when its last one has ended.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::{Cell, Measured, Outcome, STEPS, Server, taken};

/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a loop turns before it is measured, at least.
const WARM: Duration = Duration::from_millis(500);
/// How long it does at most, where runs are slow.
const WARM_AT_MOST: Duration = Duration::from_secs(10);
/// How long is waited for the runs that are in flight at the end.
const DRAIN: Duration = Duration::from_secs(10);
/// How often is looked whether enough runs have ended.
const LOOK: Duration = Duration::from_millis(50);

/// One run that has ended well.
struct Run {
    ended: Instant,
    took: Duration,
}

#[derive(Default)]
struct Shared {
    next: AtomicU64,
    ended: AtomicU64,
    failed: AtomicU64,
    stopped: AtomicBool,
    runs: Mutex<Vec<Run>>,
}

impl Shared {
    fn runs(&self) -> MutexGuard<'_, Vec<Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures a peer whose `run` is given a number, takes five steps and ends with five more.
///
/// The first run is alone and not measured: with it the peer has started. Then the loop turns until
/// it is warm, and what ends within the window counts. A window in which fewer runs end than are in
/// flight goes on, to four times its length. Runs that are in
/// flight at its end are waited for, ten seconds, and not counted.
///
/// # Errors
/// Where no run ends well, or the steps that were taken are fewer than five for each run.
pub async fn closed_loop<F, R>(cell: &Cell, server: &Server, run: F) -> Outcome<Measured>
where
    F: Fn(u64) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Outcome<u64>> + Send + 'static,
{
    let shared = Arc::new(Shared::default());
    once(&shared, &run).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..cell.flight {
        tasks.spawn(turn(Arc::clone(&shared), run.clone()));
    }
    let flight = cell.flight as u64;
    enough(&shared, flight, WARM, WARM_AT_MOST).await;

    let (begun, cpu) = (Instant::now(), server.cpu()?);
    enough(&shared, flight, cell.window, 4 * cell.window).await;
    let (ended, cpu) = (Instant::now(), server.cpu()?.saturating_sub(cpu));

    shared.stopped.store(true, Ordering::Relaxed);
    let drain = async { while tasks.join_next().await.is_some() {} };
    // What is not over by then has begun and ends with the process.
    let drained = timeout(DRAIN, drain).await.is_ok();
    let runs = std::mem::take(&mut *shared.runs());
    let all = shared.ended.load(Ordering::Relaxed);
    if taken() < all * STEPS {
        return Err(format!("{} steps were taken in {all} runs", taken()).into());
    }
    let within = runs
        .into_iter()
        .filter(|run| run.ended >= begun && run.ended < ended)
        .map(|run| run.took)
        .collect();
    let failed = shared.failed.load(Ordering::Relaxed);
    let again = drained && failed == 0 && taken() > all * STEPS;
    Measured::new(within, ended - begun, cpu, again, failed)
}

/// Waits for so many runs more, at least so long and at most so long.
async fn enough(shared: &Shared, runs: u64, least: Duration, most: Duration) {
    let (begun, first) = (Instant::now(), shared.ended.load(Ordering::Relaxed));
    sleep(least).await;
    while shared.ended.load(Ordering::Relaxed) - first < runs && begun.elapsed() < most {
        sleep(LOOK).await;
    }
}

async fn turn<F, R>(shared: Arc<Shared>, run: F)
where
    F: Fn(u64) -> R,
    R: Future<Output = Outcome<u64>>,
{
    while !shared.stopped.load(Ordering::Relaxed) {
        match once(&shared, &run).await {
            Ok(run) => shared.runs().push(run),
            Err(error) => {
                if shared.failed.fetch_add(1, Ordering::Relaxed) == 0 {
                    eprintln!("a run failed: {error}");
                }
            }
        }
    }
}

async fn once<F, R>(shared: &Shared, run: &F) -> Outcome<Run>
where
    F: Fn(u64) -> R,
    R: Future<Output = Outcome<u64>>,
{
    // So far apart that no step of one run gives a number of another.
    let from = shared.next.fetch_add(STEPS + 1, Ordering::Relaxed);
    let begun = Instant::now();
    let answer = timeout(PATIENCE, run(from)).await;
    let answer = answer.map_err(|_| format!("a run did not end within {PATIENCE:?}"))??;
    let ended = Instant::now();
    if answer != from + STEPS {
        return Err(format!("a run that began with {from} ended with {answer}").into());
    }
    shared.ended.fetch_add(1, Ordering::Relaxed);
    Ok(Run {
        ended,
        took: ended - begun,
    })
}
