//! What waits for the writer.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Job;
use crate::log::store::StoreError;

/// So many jobs are worth being begun with while others are still to come.
const WORTH: usize = 16;

/// How long the last sync took at most, with what was written for it, where the writer begins before all are there. For
/// a slower disk that is nothing, and others who write to the file would hardly ever find it free.
const QUICK: Duration = Duration::from_millis(4);

/// How long who is back first waits at most for the others.
const COMPANY: Duration = Duration::from_millis(1);

/// How long the writer stays awake for those whom it has let go. To wake a thread that has gone to sleep takes about a
/// tenth of a millisecond where its processor has done so too, which is a good part of a quick disk's sync.
const AWAKE: Duration = Duration::from_micros(200);

/// What waits for the writer; bounded by whoever pushes.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    /// That there is something to take, for a writer that is awake.
    due: AtomicBool,
}

/// What the writer takes.
pub(super) struct Taken {
    pub(super) jobs: Vec<Job>,
    /// Whether they are the last ones of what is to go under one sync.
    pub(super) is_last: bool,
}

#[derive(Default)]
struct Waiting {
    jobs: Vec<Job>,
    closed: bool,
    failed: Option<Arc<StoreError>>,
    /// Whether what waits, and was begun with, is to be made durable.
    hurried: bool,
    /// To wake who does not sleep is a call of the system all the same.
    writer: Writer,
    /// How many jobs were taken since the last sync.
    begun: usize,
    /// Since when those wait who have hurried.
    since: Option<Instant>,
    /// How long the last sync took.
    took: Duration,
    /// How many jobs went under each of the last two syncs.
    taken: [usize; 2],
    /// How long nobody came after the last sync.
    away: Duration,
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

    /// How many go under the next sync, as far as they are there.
    fn count(&self) -> usize {
        self.begun + self.jobs.len()
    }

    /// Whether there is something to take.
    fn is_due(&self) -> bool {
        self.hurried || self.closed || self.is_worth_it()
    }

    /// Whether there is enough to begin with.
    fn is_worth_it(&self) -> bool {
        self.jobs.len() >= WORTH && self.took < QUICK
    }

    /// What is to be taken, if it is.
    fn ready(&self) -> Option<Ready> {
        if self.closed || (self.hurried && self.count() >= self.expected()) {
            Some(Ready::Last)
        } else {
            self.is_worth_it().then_some(Ready::More)
        }
    }

    /// How long those who have hurried wait for others: so long under each sync.
    fn left(&mut self, patience: Duration) -> Duration {
        if self.hurried {
            let since = *self.since.get_or_insert_with(Instant::now);
            patience.saturating_sub(since.elapsed())
        } else {
            Duration::MAX
        }
    }

    fn take(&mut self, ready: Ready) -> Taken {
        let is_last = ready == Ready::Last;
        let count = self.jobs.len();
        let rest = if is_last { 0 } else { count % WORTH };
        let mut rest = self.jobs.split_off(count - rest);
        rest.reserve(count);
        let jobs = std::mem::replace(&mut self.jobs, rest);
        self.begun += jobs.len();
        if is_last {
            self.taken = [std::mem::take(&mut self.begun), self.taken[0]];
            (self.hurried, self.since) = (false, None);
        }
        Taken { jobs, is_last }
    }
}

/// What is to be taken.
#[derive(Clone, Copy, PartialEq)]
enum Ready {
    /// Enough to go on with.
    More,
    /// All that goes under this sync.
    Last,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job, which is made durable once somebody [hurries](Self::hurry). Where there are many, the writer begins
    /// with them before that, beside whoever has so many.
    pub(super) fn push(&self, job: Job) {
        let mut waiting = self.waiting();
        if let Some(failed) = waiting.failed.clone() {
            drop(waiting);
            return job.waiter.tell(Err(failed));
        }
        waiting.jobs.push(job);
        if waiting.is_worth_it() {
            self.rouse(waiting);
        }
    }

    /// What waits is to be made durable: the writer hears of the first who says so, and when all are there that are
    /// expected.
    pub(super) fn hurry(&self) {
        let mut waiting = self.waiting();
        let count = waiting.count();
        if count > 0 && (!waiting.hurried || count >= waiting.expected()) {
            waiting.hurried = true;
            self.rouse(waiting);
        }
    }

    fn rouse(&self, mut waiting: MutexGuard<'_, Waiting>) {
        self.due.store(true, Release);
        if std::mem::take(&mut waiting.writer) == Writer::Asleep {
            drop(waiting);
            self.filled.notify_one();
        }
    }

    /// Takes what waits; nothing, where the queue is closed and empty.
    ///
    /// What goes under one sync comes in parts where there is much of it, and with the company that is expected: who was
    /// let go by a commit, which took so long, will mostly be back with what comes next. Where a commit takes long, the
    /// few that are back first had better wait for the others than make them wait for a whole commit.
    pub(super) fn take(&self, took: Duration) -> Option<Taken> {
        let mut waiting = self.waiting();
        waiting.took = took;
        let since = Instant::now();
        if !waiting.is_due() && (waiting.begun > 0 || waiting.away < AWAKE) {
            waiting = self.stay_awake(waiting);
        }
        while !waiting.is_due() {
            // Who has begun keeps others from the store, and those who go on may be among them.
            let left = match waiting.begun {
                0 => Duration::MAX,
                _ => COMPANY.saturating_sub(since.elapsed()),
            };
            if left.is_zero() {
                return Some(waiting.take(Ready::Last));
            }
            waiting = self.sleep(waiting, left);
        }
        if waiting.begun == 0 {
            waiting.away = since.elapsed();
        }
        let patience = (took / 8).min(COMPANY);
        let ready = loop {
            let left = waiting.left(patience);
            match waiting.ready() {
                Some(ready) if !left.is_zero() => break ready,
                None if !left.is_zero() => waiting = self.sleep(waiting, left),
                _ => break Ready::Last,
            }
        };
        (waiting.count() > 0).then(|| waiting.take(ready))
    }

    /// Sleeps until there is something new, so long at most.
    fn sleep<'a>(
        &self,
        mut waiting: MutexGuard<'a, Waiting>,
        most: Duration,
    ) -> MutexGuard<'a, Waiting> {
        waiting.writer = Writer::Asleep;
        let woken = self.filled.wait_timeout(waiting, most);
        let (mut waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        waiting.writer = Writer::Awake;
        waiting
    }

    /// Waits for a moment, while whoever wants to run does.
    fn stay_awake<'a>(&'a self, waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        self.due.store(false, Release);
        drop(waiting);
        let since = Instant::now();
        while !self.due.load(Acquire) && since.elapsed() < AWAKE {
            std::thread::yield_now();
        }
        self.waiting()
    }

    /// Takes no more; what waits is still done.
    pub(super) fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closed = true;
        self.rouse(waiting);
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

    /// Of the next part, how many jobs it has and whether it is the last.
    fn take(queue: &Queue) -> Option<(usize, bool)> {
        let taken = queue.take(Duration::ZERO);
        taken.map(|taken| (taken.jobs.len(), taken.is_last))
    }

    fn push(queue: &Queue, count: usize) {
        (0..count).for_each(|_| queue.push(job()));
    }

    #[test]
    fn few_are_taken_once_somebody_hurries_and_then_all() {
        let queue = Queue::default();
        push(&queue, WORTH - 1);
        assert!(!queue.waiting().is_due());
        queue.hurry();
        assert_eq!(take(&queue), Some((WORTH - 1, true)));
        assert!(!queue.waiting().is_due());
    }

    #[test]
    fn many_are_begun_with_before_and_go_under_one_sync() {
        let queue = Queue::default();
        push(&queue, 2 * WORTH + 3);
        assert_eq!(take(&queue), Some((2 * WORTH, false)));
        push(&queue, WORTH);
        assert_eq!(take(&queue), Some((WORTH, false)));
        queue.hurry();
        assert_eq!(take(&queue), Some((3, true)));
        assert_eq!(queue.waiting().taken[0], 3 * WORTH + 3);
    }

    #[test]
    fn what_was_begun_with_ends_though_nobody_hurries() {
        let queue = Queue::default();
        push(&queue, WORTH);
        assert_eq!(take(&queue), Some((WORTH, false)));
        assert_eq!(take(&queue), Some((0, true)));
        push(&queue, WORTH);
        queue.close();
        assert_eq!(take(&queue), Some((WORTH, true)));
        assert_eq!(take(&queue), None);
    }

    #[test]
    fn who_has_hurried_waits_for_others_once_however_many_come() {
        let (queue, took) = (Queue::default(), Duration::from_millis(3));
        queue.waiting().taken = [1000; 2];
        let take = || queue.take(took).map(|taken| taken.is_last);
        push(&queue, WORTH);
        queue.hurry();
        assert_eq!(take(), Some(false));
        push(&queue, WORTH);
        queue.waiting().since = Instant::now().checked_sub(took);
        assert_eq!(take(), Some(true));
        assert_eq!(queue.waiting().taken[0], 2 * WORTH);
    }

    #[test]
    fn nothing_is_begun_with_where_a_sync_takes_long() {
        let queue = Queue::default();
        queue.waiting().took = QUICK;
        push(&queue, WORTH);
        assert!(!queue.waiting().is_due());
        queue.hurry();
        assert_eq!(take(&queue), Some((WORTH, true)));
    }

    #[test]
    fn who_hurries_when_all_are_begun_with_ends_it() {
        let queue = Queue::default();
        push(&queue, WORTH);
        assert_eq!(take(&queue), Some((WORTH, false)));
        queue.hurry();
        assert!(queue.waiting().hurried);
        assert_eq!(take(&queue), Some((0, true)));
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
                let jobs = queue.take(Duration::from_micros(100));
                for job in jobs.into_iter().flat_map(|taken| taken.jobs) {
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
        queue.push(job());
        queue.close();
        assert_eq!(take(&queue), Some((1, true)));
        assert_eq!(take(&queue), None);
    }
}
