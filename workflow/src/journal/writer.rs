//! The one writer of a journal: many runs' records under one sync.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};

use super::store::{Entry, Store, StoreError};

/// How many entries wait for the writer before those who send wait for room.
const QUEUE: usize = 4096;
/// How many entries go under one sync.
const BATCH: usize = 1024;

/// A handle to the writer. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    entries: mpsc::Sender<Entry>,
    synced: watch::Receiver<Progress>,
    given: Arc<Mutex<u64>>,
}

/// How far the writer has come.
#[derive(Debug, Clone)]
struct Progress {
    /// All entries up to this number are on disk.
    synced: u64,
    /// Why there will be no more, once a write has failed.
    broken: Option<Arc<StoreError>>,
}

/// A number up to which all must be on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Synced(u64);

impl Writer {
    /// Starts the writer's thread, which ends when the last handle is gone.
    pub(crate) fn start(store: Box<dyn Store>) -> std::io::Result<Self> {
        let (entries, receiver) = mpsc::channel(QUEUE);
        let (progress, synced) = watch::channel(Progress {
            synced: 0,
            broken: None,
        });
        std::thread::Builder::new()
            .name("enact-journal".to_owned())
            .spawn(move || work(store, receiver, &progress))?;
        Ok(Self {
            entries,
            synced,
            given: Arc::default(),
        })
    }

    /// Hands an entry over; it is on disk once [`synced`](Self::synced) says so.
    pub(crate) async fn write(&self, entry: Entry) -> Result<Synced, Arc<StoreError>> {
        let room = self.entries.reserve().await.map_err(|_| self.broken())?;
        // One at a time, so that the numbers are in the order of the queue.
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        *given += 1;
        room.send(entry);
        Ok(Synced(*given))
    }

    /// Waits until all up to that number is on disk.
    pub(crate) async fn synced(&self, up_to: Synced) -> Result<(), Arc<StoreError>> {
        let mut synced = self.synced.clone();
        let seen = synced
            .wait_for(|progress| progress.synced >= up_to.0 || progress.broken.is_some())
            .await;
        match seen {
            Ok(progress) if progress.synced >= up_to.0 => Ok(()),
            Ok(progress) => Err(progress.broken.clone().unwrap_or_else(gone)),
            Err(_) => Err(self.broken()),
        }
    }

    fn broken(&self) -> Arc<StoreError> {
        self.synced.borrow().broken.clone().unwrap_or_else(gone)
    }
}

fn gone() -> Arc<StoreError> {
    Arc::new(StoreError::new("write to", "", "its writer has ended"))
}

/// Takes what waits, writes it under one sync, says so, and goes on until a write fails: after that
/// nothing is acknowledged any more.
fn work(
    mut store: Box<dyn Store>,
    mut entries: mpsc::Receiver<Entry>,
    progress: &watch::Sender<Progress>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let count = entries.blocking_recv_many(&mut batch, BATCH) as u64;
        if count == 0 {
            return;
        }
        if let Err(error) = store.commit(&batch) {
            tracing::error!(target: "enact::journal", %error, "the journal takes no more");
            progress.send_modify(|progress| progress.broken = Some(Arc::new(error)));
            return;
        }
        batch.clear();
        progress.send_modify(|progress| progress.synced += count);
    }
}
