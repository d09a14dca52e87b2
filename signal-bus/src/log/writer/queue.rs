//! What waits for the writer.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Job;
use crate::log::store::StoreError;

/// How long who is back first waits at most for the others.
const COMPANY: Duration = Duration::from_millis(1);

/// What waits for the writer; bounded by whoever pushes.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: Vec<Job>,
    closed: bool,
    failed: Option<Arc<StoreError>>,
    /// How many jobs were taken last, and when.
    last: Option<(usize, Instant)>,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, job: Job) {
        let mut waiting = self.waiting();
        if let Some(failed) = waiting.failed.clone() {
            drop(waiting);
            return (job.told)(Err(failed));
        }
        waiting.jobs.push(job);
        let (count, expected) = (waiting.jobs.len(), waiting.last.map_or(0, |last| last.0));
        drop(waiting);
        if count == 1 || count == expected {
            self.filled.notify_one();
        }
    }

    /// Takes all that waits, with the company that is expected; nothing, where the queue is closed and
    /// empty.
    ///
    /// Who was let go by a commit will mostly be back with what comes next. Where a commit takes
    /// long, the few that are back first had better wait for the others than make them wait for a
    /// whole commit.
    pub(super) fn take(&self) -> Option<Vec<Job>> {
        let mut waiting = self.waiting();
        let (company, took) = waiting
            .last
            .map_or((0, Duration::ZERO), |(size, since)| (size, since.elapsed()));
        while waiting.jobs.is_empty() {
            if waiting.closed {
                return None;
            }
            let woken = self.filled.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
        let (since, patience) = (Instant::now(), (took / 4).min(COMPANY));
        while waiting.jobs.len() < company && !waiting.closed {
            let Some(left) = patience.checked_sub(since.elapsed()) else {
                break;
            };
            let woken = self.filled.wait_timeout(waiting, left);
            (waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        waiting.last = Some((waiting.jobs.len(), Instant::now()));
        Some(std::mem::take(&mut waiting.jobs))
    }

    /// Takes no more; what waits is still done.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.filled.notify_one();
    }

    /// Does no more; whoever waits hears of that. The first reason stays.
    pub(super) fn fail(&self, error: &Arc<StoreError>) {
        let (jobs, error) = {
            let mut waiting = self.waiting();
            waiting.closed = true;
            let error = Arc::clone(waiting.failed.get_or_insert_with(|| Arc::clone(error)));
            (std::mem::take(&mut waiting.jobs), error)
        };
        for job in jobs {
            (job.told)(Err(Arc::clone(&error)));
        }
    }

    pub(super) fn failed(&self) -> Option<Arc<StoreError>> {
        self.waiting().failed.clone()
    }
}
