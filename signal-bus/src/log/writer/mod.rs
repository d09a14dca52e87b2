//! The one writer of a log: what many publish and settle, under one sync.

mod queue;
mod recorder;
mod wake;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use self::queue::Queue;
use self::recorder::Round;
pub(super) use self::recorder::{Drafts, Recorder};
pub(crate) use self::wake::Waiter;
use self::wake::wake;
use super::store::{Entry, StoreError};
use super::{Hub, LogError, Published};

/// Something for the writer to do.
pub(crate) enum Work {
    /// Signals, all of them one after the other.
    Publish(Drafts),
    /// Entries, in order.
    Write(Vec<Entry>),
    /// Deletes signals below that number, so many at most.
    Prune(u64, usize),
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Done {
    /// One signal, for which no list is made: what one thread makes and another frees is dear.
    One(Published),
    Published(Vec<Published>),
    Written,
    Pruned(usize),
}

pub(crate) type Outcome = Result<Done, Arc<StoreError>>;

pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) waiter: Waiter,
}

/// Whoever writes to the store: a thread, or whoever asks.
pub(crate) struct Writer(Mode);

enum Mode {
    Thread {
        queue: Arc<Queue>,
        thread: Mutex<Option<JoinHandle<()>>>,
    },
    Inline(Mutex<Inline>),
}

/// A store that needs no company: it is written to at once.
struct Inline {
    recorder: Recorder,
    failed: Option<Arc<StoreError>>,
}

impl Writer {
    /// Starts the writer's thread.
    pub(super) fn start(recorder: Recorder) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let taken = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("enact-log".to_owned())
            .spawn(move || {
                let _end = End(&taken, recorder.hub());
                work(recorder, &taken);
            })?;
        Ok(Self(Mode::Thread {
            queue,
            thread: Mutex::new(Some(thread)),
        }))
    }

    /// A writer without a thread.
    pub(super) fn inline(recorder: Recorder) -> Self {
        let failed = None;
        Self(Mode::Inline(Mutex::new(Inline { recorder, failed })))
    }

    /// Hands something over, and goes on.
    pub(crate) fn push(&self, job: Job) {
        self.leave(job);
        self.hurry();
    }

    /// Hands something over for which whoever waits will [hurry](Self::hurry).
    fn leave(&self, job: Job) {
        match &self.0 {
            Mode::Thread { queue, .. } => queue.push(job),
            Mode::Inline(inline) => {
                let (round, hub) = {
                    let mut inline = inline.lock().unwrap_or_else(PoisonError::into_inner);
                    (inline.take(job), inline.recorder.hub())
                };
                // Whoever hears of it may let go of a subscription, which writes what it was at.
                if let Some(last) = round.published {
                    hub.published(last);
                }
                for (waiter, outcome) in round.finished {
                    waiter.tell(outcome);
                }
            }
        }
    }

    /// Has what was handed over done.
    fn hurry(&self) {
        if let Mode::Thread { queue, .. } = &self.0 {
            queue.hurry();
        }
    }

    /// Has something done, which goes on meanwhile: it shares a sync with what others have.
    pub(super) async fn hand(&self, work: Work) -> Handed {
        let (answer, answered) = oneshot::channel();
        let waiter = Waiter::here(answer);
        self.together(Job { work, waiter }).await;
        Handed(answered)
    }

    /// Hands something over, once those have had their turn who would do so now, so that it shares a sync with
    /// what they have. It is handed over where this is dropped too.
    async fn together(&self, job: Job) {
        self.leave(job);
        if matches!(self.0, Mode::Thread { .. }) {
            let _hurry = Hurry(self);
            tokio::task::yield_now().await;
        }
    }

    /// Why nothing more is taken, once it is not.
    pub(crate) fn failed(&self) -> Option<Arc<StoreError>> {
        match &self.0 {
            Mode::Thread { queue, .. } => queue.failed(),
            Mode::Inline(inline) => {
                let inline = inline.lock().unwrap_or_else(PoisonError::into_inner);
                inline.failed.clone()
            }
        }
    }
}

/// Something that the writer is at.
pub(super) struct Handed(oneshot::Receiver<Outcome>);

impl Handed {
    /// Waits until it is durable.
    pub(super) async fn wait(self) -> Result<Done, LogError> {
        Ok(self.0.await.map_err(|_| LogError::closed())??)
    }
}

/// Hurries when it is let go.
struct Hurry<'a>(&'a Writer);

impl Drop for Hurry<'_> {
    fn drop(&mut self) {
        self.0.hurry();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let Mode::Thread { queue, thread } = &self.0 else {
            return;
        };
        queue.close();
        let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        join(thread);
    }
}

/// Waits for a thread, so that what it had open is closed; not where it is that thread that lets go.
pub(super) fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread
        && thread.thread().id() != std::thread::current().id()
    {
        // It does not panic, and if it did what it had open is closed all the same.
        drop(thread.join());
    }
}

impl Inline {
    fn take(&mut self, job: Job) -> Round {
        if let Some(failed) = &self.failed {
            return Round::refused(job.waiter, failed);
        }
        let mut batch = self.recorder.batch();
        self.recorder.add(&mut batch, vec![job]);
        let round = self.recorder.commit(batch);
        self.failed.clone_from(&round.failed);
        round
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("failed", &self.failed())
            .finish_non_exhaustive()
    }
}

/// The writer's thread ends: whoever waits hears of it, even where a store has panicked.
struct End<'a>(&'a Queue, Arc<Hub>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let what = if std::thread::panicking() {
            "its store panicked; open it again"
        } else {
            "it is closed"
        };
        self.0
            .fail(&Arc::new(StoreError::new("write to", "", what)));
        self.1.wake();
    }
}

/// Takes what waits, writes it under one sync, says so, and goes on until a write fails: after that
/// nothing is acknowledged any more.
fn work(mut recorder: Recorder, queue: &Queue) {
    let (mut took, hub) = (Duration::ZERO, recorder.hub());
    while let Some(mut taken) = queue.take(took) {
        let mut batch = recorder.batch();
        recorder.add(&mut batch, taken.jobs);
        while !taken.is_last && recorder.write_ahead(&mut batch) {
            let Some(more) = queue.take(took) else { break };
            taken.is_last = more.is_last;
            recorder.add(&mut batch, more.jobs);
        }
        let begun = Instant::now();
        let round = recorder.commit(batch);
        if let Some(last) = round.published {
            hub.published(last);
        }
        if let Some(error) = round.failed {
            tracing::error!(target: "enact::log", %error, "the log takes no more");
            queue.fail(&error);
        }
        wake(round.finished, round.written);
        took = begun.elapsed();
    }
}
