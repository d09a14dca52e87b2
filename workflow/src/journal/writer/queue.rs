//! What waits for the writer.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::wake::Waiter;
use crate::journal::store::{Entry, Store, StoreError};

/// How much waits for the writer before those who send wait for room: where the disk is slower than
/// the work, the work waits.
const MOST: usize = 4096;

/// How long what nobody waits for is left to go with something that somebody does: so many records
/// share a sync.
const PATIENCE: Duration = Duration::from_millis(100);
/// The same for what an effect came to, which should not happen again for want of a record.
const SOON: Duration = Duration::from_millis(2);

/// Who waits for the writer at once, so that their work shares a sync.
///
/// Who was let go by a commit will mostly be back with what comes next. Where a commit takes long, the
/// few that are back first had better wait for the others than make them wait for a whole commit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Company {
    /// How many are expected.
    pub(super) size: usize,
    /// How long they are waited for at most.
    pub(super) patience: Duration,
}

/// Something for the writer to do.
pub(super) enum Job {
    Write(Entry, Option<Waiter<bool>>),
    Do(Work),
}

impl Job {
    /// Whether somebody waits for it.
    fn is_urgent(&self) -> bool {
        !matches!(self, Self::Write(_, None))
    }
}

pub(super) type Work = Box<dyn FnOnce(&mut dyn Store) -> Result<(), StoreError> + Send>;

#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    room: Notify,
}

/// How soon what waits is to be written.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Haste {
    /// When it has waited long enough.
    #[default]
    None,
    /// Soon, though nobody waits for it.
    Soon,
    /// At once: somebody waits for it.
    Now,
}

#[derive(Default)]
struct Waiting {
    jobs: Vec<Job>,
    given: u64,
    haste: Haste,
    /// How many wait for what is here.
    asking: usize,
    /// How many are waited for, once somebody is here.
    expected: usize,
    closed: bool,
}

impl Waiting {
    /// One more waits for what is here; whether the writer is to hear of that.
    fn asked(&mut self) -> bool {
        self.asking += 1;
        let first = self.haste != Haste::Now;
        self.haste = Haste::Now;
        first || self.asking == self.expected
    }

    fn is_full(&self) -> bool {
        self.jobs.len() >= MOST
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job, once there is room; its number, or nothing where the queue is closed.
    pub(super) async fn push(&self, job: Job) -> Option<u64> {
        loop {
            let room = self.room.notified();
            {
                let mut waiting = self.waiting();
                if waiting.closed {
                    return None;
                }
                if !waiting.is_full() {
                    let urgent = job.is_urgent();
                    waiting.given += 1;
                    waiting.jobs.push(job);
                    let first = waiting.jobs.len() == 1;
                    let number = waiting.given;
                    let full = waiting.is_full();
                    let asked = (urgent || full) && waiting.asked();
                    drop(waiting);
                    if first || full || asked {
                        self.filled.notify_one();
                    }
                    return Some(number);
                }
            }
            // Registered before looking, so that no room is missed.
            room.await;
        }
    }

    /// Somebody waits for all up to that number.
    pub(super) fn hurry(&self, number: u64) {
        let mut waiting = self.waiting();
        let taken = waiting.given - waiting.jobs.len() as u64;
        if number > taken && waiting.asked() {
            drop(waiting);
            self.filled.notify_one();
        }
    }

    /// All that waits should not wait long, though nobody waits for it.
    pub(super) fn soon(&self) {
        let mut waiting = self.waiting();
        if waiting.haste == Haste::None && !waiting.jobs.is_empty() {
            waiting.haste = Haste::Soon;
            drop(waiting);
            self.filled.notify_one();
        }
    }

    /// Takes all that waits, once somebody waits for it, with the company that is expected, or it has
    /// waited long enough; nothing, where the queue is closed and empty.
    pub(super) fn take(&self, company: Company) -> Option<Vec<Job>> {
        let mut waiting = self.waiting();
        waiting.expected = company.size;
        while waiting.jobs.is_empty() {
            if waiting.closed {
                return None;
            }
            let woken = self.filled.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
        let since = Instant::now();
        while !waiting.closed {
            let patience = match waiting.haste {
                Haste::None => PATIENCE,
                Haste::Soon => SOON,
                Haste::Now => break,
            };
            let Some(left) = patience.checked_sub(since.elapsed()) else {
                break;
            };
            let woken = self.filled.wait_timeout(waiting, left);
            (waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        let since = Instant::now();
        let is_short =
            |waiting: &Waiting| waiting.haste == Haste::Now && waiting.asking < company.size;
        while is_short(&waiting) && !waiting.closed && !waiting.is_full() {
            let Some(left) = company.patience.checked_sub(since.elapsed()) else {
                break;
            };
            let woken = self.filled.wait_timeout(waiting, left);
            (waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        (waiting.haste, waiting.asking) = (Haste::None, 0);
        let room = Vec::with_capacity(waiting.jobs.len());
        let was_full = waiting.is_full();
        let jobs = std::mem::replace(&mut waiting.jobs, room);
        drop(waiting);
        if was_full {
            self.room.notify_waiters();
        }
        Some(jobs)
    }

    /// Takes all that waits, if anything does.
    #[cfg(feature = "testing")]
    pub(super) fn take_now(&self) -> Option<Vec<Job>> {
        let jobs = std::mem::take(&mut self.waiting().jobs);
        self.room.notify_waiters();
        (!jobs.is_empty()).then_some(jobs)
    }

    /// How much waits.
    #[cfg(feature = "testing")]
    pub(super) fn len(&self) -> usize {
        self.waiting().jobs.len()
    }

    #[cfg(feature = "testing")]
    pub(super) fn is_closed(&self) -> bool {
        self.waiting().closed
    }

    /// Takes no more, and lets go what nobody will do, so that whoever waits for it hears of that.
    pub(super) fn end(&self) {
        self.close();
        let left = std::mem::take(&mut self.waiting().jobs);
        drop(left);
    }

    /// Takes no more.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.filled.notify_one();
        self.room.notify_waiters();
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting();
        f.debug_struct("Queue")
            .field("jobs", &waiting.jobs.len())
            .field("closed", &waiting.closed)
            .finish_non_exhaustive()
    }
}
