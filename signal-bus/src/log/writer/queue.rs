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
    /// Whether what waits is to be taken.
    hurried: bool,
    /// To wake who does not sleep is a call of the system all the same.
    writer: Writer,
    /// When the first job came that waits.
    since: Option<Instant>,
    /// How long the last jobs took.
    took: Duration,
    /// How many jobs were taken the last two times.
    taken: [usize; 2],
}

/// Whether the writer is to be woken where there is something to do.
#[derive(Default, PartialEq)]
enum Writer {
    #[default]
    Awake,
    Asleep,
}

impl Waiting {
    /// How many are expected: as many as have come again and again.
    fn expected(&self) -> usize {
        self.taken[0].min(self.taken[1])
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job, which is taken once somebody [hurries](Self::hurry): or before that, where the jobs that
    /// wait do so for a quarter of the time that the last ones took, since the writer could be at work
    /// beside whoever has so many.
    pub(super) fn push(&self, job: Job) {
        let mut waiting = self.waiting();
        if let Some(failed) = waiting.failed.clone() {
            drop(waiting);
            return job.waiter.tell(Err(failed));
        }
        waiting.jobs.push(job);
        let since = *waiting.since.get_or_insert_with(Instant::now);
        if !waiting.hurried && since.elapsed() > waiting.took / 4 {
            waiting.hurried = true;
            self.rouse(waiting);
        }
    }

    /// What waits is to be taken: the writer hears of the first who says so, and when all are there that are
    /// expected.
    pub(super) fn hurry(&self) {
        let mut waiting = self.waiting();
        let count = waiting.jobs.len();
        if count > 0 && (!waiting.hurried || count >= waiting.expected()) {
            waiting.hurried = true;
            self.rouse(waiting);
        }
    }

    fn rouse(&self, mut waiting: MutexGuard<'_, Waiting>) {
        if std::mem::take(&mut waiting.writer) == Writer::Asleep {
            drop(waiting);
            self.filled.notify_one();
        }
    }

    /// Takes all that waits, with the company that is expected; nothing, where the queue is closed and
    /// empty.
    ///
    /// Who was let go by a commit, which took so long, will mostly be back with what comes next. Where a
    /// commit takes long, the few that are back first had better wait for the others than make them wait for a
    /// whole commit.
    pub(super) fn take(&self, took: Duration) -> Option<Vec<Job>> {
        let mut waiting = self.waiting();
        waiting.took = took;
        while !waiting.hurried && !waiting.closed {
            waiting.writer = Writer::Asleep;
            let woken = self.filled.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
        let (since, patience) = (Instant::now(), (took / 8).min(COMPANY));
        while waiting.jobs.len() < waiting.expected() && !waiting.closed {
            let Some(left) = patience.checked_sub(since.elapsed()) else {
                break;
            };
            waiting.writer = Writer::Asleep;
            let woken = self.filled.wait_timeout(waiting, left);
            (waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        (waiting.since, waiting.writer) = (None, Writer::Awake);
        let room = Vec::with_capacity(waiting.jobs.len());
        let jobs = std::mem::replace(&mut waiting.jobs, room);
        (waiting.hurried, waiting.taken) = (false, [jobs.len(), waiting.taken[0]]);
        (!jobs.is_empty()).then_some(jobs)
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
            job.waiter.tell(Err(Arc::clone(&error)));
        }
    }

    pub(super) fn failed(&self) -> Option<Arc<StoreError>> {
        self.waiting().failed.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Done, Waiter, Work};
    use super::*;

    fn job() -> Job {
        Job {
            work: Work::Write(Vec::new()),
            waiter: Waiter::anywhere(drop),
        }
    }

    #[test]
    fn nothing_is_taken_before_somebody_hurries_and_then_all_of_it() {
        let queue = Queue::default();
        queue.waiting().took = Duration::from_hours(1);
        for _ in 0..3 {
            queue.push(job());
        }
        assert!(!queue.waiting().hurried);
        queue.hurry();
        let taken = queue.take(Duration::ZERO).map(|jobs| jobs.len());
        assert_eq!(taken, Some(3));
        assert!(!queue.waiting().hurried);
    }

    #[test]
    fn jobs_that_come_for_long_are_taken_before() {
        let queue = Queue::default();
        queue.push(job());
        while !queue.waiting().hurried {
            queue.push(job());
        }
        assert!(queue.take(Duration::ZERO).is_some());
    }

    #[test]
    fn so_many_are_expected_as_came_twice() {
        let queue = Queue::default();
        let mut expected = Vec::new();
        for count in [5, 1, 4, 4] {
            (0..count).for_each(|_| queue.push(job()));
            queue.hurry();
            drop(queue.take(Duration::ZERO));
            expected.push(queue.waiting().expected());
        }
        assert_eq!(expected, [0, 1, 1, 4]);
    }

    #[test]
    fn whoever_waits_for_the_writer_wakes_it_each_time() {
        let (queue, turns) = (Queue::default(), 2_000);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..turns {
                        let (answer, answered) = std::sync::mpsc::channel();
                        let waiter = Waiter::anywhere(move |outcome| drop(answer.send(outcome)));
                        let work = Work::Write(Vec::new());
                        queue.push(Job { work, waiter });
                        queue.hurry();
                        assert!(answered.recv().is_ok());
                    }
                });
            }
            let mut taken = 0;
            while taken < 2 * turns {
                for job in queue.take(Duration::from_micros(100)).into_iter().flatten() {
                    job.waiter.tell(Ok(Done::Written));
                    taken += 1;
                }
            }
            assert_eq!(taken, 2 * turns);
        });
    }

    #[test]
    fn a_queue_that_is_closed_gives_what_it_has() {
        let queue = Queue::default();
        queue.waiting().took = Duration::from_hours(1);
        queue.push(job());
        queue.close();
        assert!(queue.take(Duration::ZERO).is_some());
        assert!(queue.take(Duration::ZERO).is_none());
    }
}
