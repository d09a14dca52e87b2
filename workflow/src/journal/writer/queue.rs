//! What waits for the writer.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::batch::{Batch, Haste, Job};

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

/// How long who is back first waits at most for the others.
const COMPANY: Duration = Duration::from_millis(1);
/// How many are company enough where a commit takes less than [`LONG`]: for more it is hardly cheaper, and runs
/// and writer had better work at once.
const ENOUGH: usize = 64;
/// From when on a commit is mostly waiting for the disk, so that each more that shares it is a gain.
const LONG: Duration = Duration::from_millis(1);

impl Company {
    /// Who is expected after a commit that so many waited for, and that took so long.
    pub(super) fn after(size: usize, took: Duration) -> Self {
        let most = if took < LONG { ENOUGH } else { size };
        Self {
            size: size.min(most),
            patience: (took / 2).min(COMPANY),
        }
    }
}

#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    room: Notify,
}

/// What the writer sleeps until: to wake it for less costs more than to write.
#[derive(Debug, Default, Clone, Copy)]
enum Until {
    /// It does not sleep.
    #[default]
    Awake,
    Job,
    Haste(Haste),
    /// As many ask as are expected.
    Company,
}

#[derive(Default)]
struct Waiting {
    jobs: Batch,
    given: u64,
    haste: Haste,
    /// How many wait for what is here.
    asking: usize,
    /// How many are waited for, once somebody is here.
    expected: usize,
    sleeps: Until,
    closed: bool,
}

impl Waiting {
    /// One more waits for what is here.
    fn asked(&mut self) {
        self.asking += 1;
        self.haste = Haste::Now;
    }

    fn is_full(&self) -> bool {
        self.jobs.len() >= MOST
    }

    fn is_there(&self, until: Until) -> bool {
        match until {
            Until::Awake => false,
            Until::Job => !self.jobs.is_empty(),
            Until::Haste(haste) => self.haste >= haste,
            Until::Company => self.asking >= self.expected || self.is_full(),
        }
    }

    /// Whether the writer is to be woken, which is done once.
    fn wakes(&mut self) -> bool {
        let wakes = self.is_there(self.sleeps);
        if wakes {
            self.sleeps = Until::Awake;
        }
        wakes
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job, once there is room; its number, or nothing where the queue is closed.
    pub(super) async fn push(&self, mut job: Box<Job>) -> Option<u64> {
        loop {
            // Registered before looking, so that no room is missed.
            let room = self.room.notified();
            match self.try_push(*job) {
                Ok(pushed) => return pushed,
                Err(back) => job = back,
            }
            room.await;
        }
    }

    /// Adds a job, or gives it back where there is no room.
    pub(super) fn try_push(&self, job: Job) -> Result<Option<u64>, Box<Job>> {
        let mut waiting = self.waiting();
        if waiting.closed {
            return Ok(None);
        }
        if waiting.is_full() {
            return Err(Box::new(job));
        }
        let haste = job.haste();
        waiting.given += 1;
        waiting.jobs.push(job);
        let number = waiting.given;
        if haste == Haste::Now || waiting.is_full() {
            waiting.asked();
        }
        waiting.haste = waiting.haste.max(haste);
        self.tell(waiting);
        Ok(Some(number))
    }

    /// Wakes the writer, where what it sleeps for has come.
    fn tell(&self, mut waiting: MutexGuard<'_, Waiting>) {
        let wakes = waiting.wakes();
        drop(waiting);
        if wakes {
            self.filled.notify_one();
        }
    }

    /// Somebody waits for all up to that number.
    pub(super) fn hurry(&self, number: u64) {
        let mut waiting = self.waiting();
        let taken = waiting.given - waiting.jobs.len() as u64;
        if number > taken {
            waiting.asked();
            self.tell(waiting);
        }
    }

    /// Takes all that waits, once somebody waits for it, with the company that is expected, or it has
    /// waited long enough; nothing, where the queue is closed and empty.
    pub(super) fn take(&self, company: Company) -> Option<Batch> {
        let mut waiting = self.waiting();
        waiting.expected = company.size;
        let for_company = |waiting| self.sleep(waiting, Until::Company, Some(company.patience));
        waiting = for_company(waiting);
        if waiting.haste != Haste::Now {
            waiting = self.sleep(waiting, Until::Job, None);
            if waiting.jobs.is_empty() {
                return None;
            }
            waiting = self.until_due(waiting);
            if waiting.haste == Haste::Now {
                waiting = for_company(waiting);
            }
        }
        (waiting.haste, waiting.asking) = (Haste::None, 0);
        let room = waiting.jobs.like();
        let was_full = waiting.is_full();
        let jobs = std::mem::replace(&mut waiting.jobs, room);
        drop(waiting);
        if was_full {
            self.room.notify_waiters();
        }
        Some(jobs)
    }

    /// Sleeps until what waits has waited long enough, or somebody waits for it.
    fn until_due<'a>(&'a self, mut waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        let since = Instant::now();
        waiting = self.sleep(waiting, Until::Haste(Haste::Soon), Some(PATIENCE));
        let left = SOON.saturating_sub(since.elapsed());
        if waiting.haste == Haste::Soon {
            waiting = self.sleep(waiting, Until::Haste(Haste::Now), Some(left));
        }
        waiting
    }

    /// Sleeps until something is there, so long at most, or the queue is closed.
    fn sleep<'a>(
        &'a self,
        mut waiting: MutexGuard<'a, Waiting>,
        until: Until,
        most: Option<Duration>,
    ) -> MutexGuard<'a, Waiting> {
        let since = most.map(|most| (Instant::now(), most));
        while !waiting.closed && !waiting.is_there(until) {
            waiting.sleeps = until;
            waiting = match since {
                None => self
                    .filled
                    .wait(waiting)
                    .unwrap_or_else(PoisonError::into_inner),
                Some((since, most)) => {
                    let Some(left) = most.checked_sub(since.elapsed()) else {
                        break;
                    };
                    let woken = self.filled.wait_timeout(waiting, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        waiting.sleeps = Until::Awake;
        waiting
    }

    /// Takes all that waits, if anything does.
    #[cfg(feature = "testing")]
    pub(super) fn take_now(&self) -> Option<Batch> {
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
