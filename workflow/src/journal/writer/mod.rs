//! The one writer of a journal: many runs' records under one sync.

mod acks;
mod batch;
mod queue;
#[cfg(feature = "testing")]
mod staged;
mod tally;
mod wake;

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;

use self::acks::Acks;
pub(crate) use self::acks::Synced;
pub(crate) use self::batch::Haste;
use self::batch::{Batch, Job};
use self::queue::{Company, Queue};
use self::tally::{Tally, Wait};
use self::wake::{Answer, Waiter, wake};
use super::store::{Entry, Store, StoreError};

/// A handle to the writer, which ends when the last one is gone.
#[derive(Debug, Clone)]
pub(crate) struct Writer(Arc<Handle>);

#[derive(Debug)]
struct Handle {
    queue: Arc<Queue>,
    acks: Arc<Acks>,
    tally: Arc<Tally>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// What stands in for the thread in a test that is to go the same way each time.
    #[cfg(feature = "testing")]
    stage: Option<staged::Stage>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Writer {
    /// Starts the writer's thread.
    pub(crate) fn start(store: Box<dyn Store>) -> std::io::Result<Self> {
        let (queue, acks) = (Arc::new(Queue::default()), Arc::new(Acks::default()));
        let tally = Arc::new(Tally::default());
        let thread = {
            let (queue, acks) = (Arc::clone(&queue), Arc::clone(&acks));
            let tally = Arc::clone(&tally);
            std::thread::Builder::new()
                .name("enact-journal".to_owned())
                .spawn(move || {
                    let _end = End(&queue, &acks);
                    work(store, &queue, &acks, &tally);
                })?
        };
        let thread = Mutex::new(Some(thread));
        Ok(Self(Arc::new(Handle {
            queue,
            acks,
            tally,
            thread,
            #[cfg(feature = "testing")]
            stage: None,
        })))
    }

    /// Hands an entry over; it is on disk once [`synced`](Self::synced) says so.
    pub(crate) fn write(
        &self,
        entry: Entry,
    ) -> impl Future<Output = Result<Synced, Arc<StoreError>>> + Send + use<'_> {
        self.write_in(Haste::None, entry)
    }

    /// The same, in such haste.
    pub(crate) fn write_in(
        &self,
        haste: Haste,
        entry: Entry,
    ) -> impl Future<Output = Result<Synced, Arc<StoreError>>> + Send + use<'_> {
        self.push(Job::Write(entry, haste))
    }

    /// Writes an entry; whether it was taken, once that is on disk.
    pub(crate) async fn ask(&self, entry: Entry) -> Result<bool, Arc<StoreError>> {
        let (waiter, answered) = Waiter::new();
        let wait = Wait::begin();
        self.push(Job::Ask(entry, waiter)).await?;
        self.settle().await;
        let answer = match answered.await {
            Ok(answer) => answer,
            Err(_) => Err(self.ended().await),
        };
        wait.end();
        answer
    }

    /// Does something with the store, after all that was handed over before.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Arc<StoreError>> {
        let (answer, answered) = oneshot::channel();
        let job = move |store: &mut dyn Store| {
            let done = work(store)?;
            // Whoever asked may be gone.
            drop(answer.send(done));
            Ok(())
        };
        self.push(Job::Do(Box::new(job))).await?;
        self.settle().await;
        match answered.await {
            Ok(done) => Ok(done),
            Err(_) => Err(self.ended().await),
        }
    }

    /// Waits until all up to that number is on disk.
    pub(crate) async fn synced(&self, up_to: Synced) -> Result<(), Arc<StoreError>> {
        if self.0.acks.has(up_to) {
            return Ok(());
        }
        let wait = Wait::begin();
        self.0.queue.hurry(up_to.0);
        self.settle().await;
        let synced = self.0.acks.synced(up_to).await;
        wait.end();
        synced
    }

    /// How much has been written, and when last.
    pub(crate) fn tally(&self) -> &Tally {
        &self.0.tally
    }

    /// Why the journal takes no more, once it does not.
    pub(crate) fn failed(&self) -> Option<Arc<StoreError>> {
        self.0.acks.failed()
    }

    /// Ends the writer once all that was handed over is written, and waits for that. Blocks.
    pub(crate) fn close(&self) {
        self.0.queue.close();
        #[cfg(feature = "testing")]
        self.drain();
        let thread = self
            .0
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // It does not panic, and if it did its store is gone all the same.
            drop(thread.join());
        }
    }

    /// Hands a job over at once where there is room, and else waits for it.
    fn push(
        &self,
        job: Job,
    ) -> impl Future<Output = Result<Synced, Arc<StoreError>>> + Send + use<'_> {
        let pushed = self.0.queue.try_push(job);
        async move {
            let pushed = match pushed {
                Ok(pushed) => pushed,
                Err(job) => Box::pin(self.0.queue.push(job)).await,
            };
            #[cfg(feature = "testing")]
            self.pushed().await;
            pushed.map(Synced).ok_or_else(|| self.broken())
        }
    }

    /// Whoever is going to wait for the store says so here; a thread needs no telling.
    #[cfg(not(feature = "testing"))]
    #[expect(
        clippy::unused_async,
        reason = "on a stage it stops where a crash falls"
    )]
    async fn settle(&self) {}

    /// Why what was handed over is not done, which is told a moment after it is let go.
    async fn ended(&self) -> Arc<StoreError> {
        let never = Synced(u64::MAX);
        let ended = self.0.acks.synced(never).await;
        ended.err().unwrap_or_else(gone)
    }

    fn broken(&self) -> Arc<StoreError> {
        self.0.acks.failed().unwrap_or_else(gone)
    }
}

/// The writer's thread ends: whoever waits hears of it, even where a store has panicked.
struct End<'a>(&'a Queue, &'a Acks);

impl Drop for End<'_> {
    fn drop(&mut self) {
        // First, so that whoever hears of it finds that nothing more is taken.
        self.0.close();
        if std::thread::panicking() {
            let error = "its store panicked; open it again";
            self.1
                .fail(&Arc::new(StoreError::new("write to", "", error)));
        }
        self.1.fail(&gone());
        self.0.end();
    }
}

fn gone() -> Arc<StoreError> {
    Arc::new(StoreError::new("write to", "", "it is closed"))
}

/// Takes what waits, writes it under one sync, says so, and goes on until a write fails: after that
/// nothing is acknowledged any more.
fn work(mut store: Box<dyn Store>, queue: &Queue, acks: &Acks, tally: &Tally) {
    let mut company = Company::default();
    while let Some(jobs) = queue.take(company) {
        let begun = Instant::now();
        match round(&mut *store, jobs, acks, tally) {
            Ok(size) => {
                company = Company::after(size, begun.elapsed());
            }
            Err(error) => return stop(error, acks),
        }
    }
}

/// Does what waits, with one sync for the writes between two works; how many have waited for that.
fn round(
    store: &mut dyn Store,
    batch: Batch,
    acks: &Acks,
    tally: &Tally,
) -> Result<usize, StoreError> {
    let count = batch.len() as u64;
    let Batch {
        mut entries,
        mut asked,
        works,
    } = batch;
    let (mut waited, mut done) = (0, 0);
    for (place, work) in works {
        let answers = write(store, &entries, done..place, &mut asked, tally)?;
        waited += answers.len();
        wake(answers, Vec::new());
        done = place;
        work(store)?;
    }
    let answers = write(store, &entries, done..entries.len(), &mut asked, tally)?;
    // What somebody else's effect holds is let go here, where it was used.
    entries.retain(|entry| !matches!(entry, Entry::Work(_)));
    Ok(waited + acks.pass(count, answers, entries))
}

/// Writes some of the entries under one sync; what is to be answered to those who asked.
fn write(
    store: &mut dyn Store,
    entries: &[Entry],
    places: Range<usize>,
    asked: &mut Vec<(usize, Waiter)>,
    tally: &Tally,
) -> Result<Vec<(Waiter, Answer)>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let (first, batch) = (places.start, &entries[places.clone()]);
    let refused = tally.commit(batch.len(), || store.commit(batch))?;
    let these = asked.extract_if(.., |(place, _)| *place < places.end);
    let answer = |(place, waiter)| (waiter, Ok(!refused.contains(&(place - first))));
    Ok(these.map(answer).collect())
}

fn stop(error: StoreError, acks: &Acks) {
    tracing::error!(target: "enact::journal", %error, "the journal takes no more");
    acks.fail(&Arc::new(error));
}
