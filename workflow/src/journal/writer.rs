//! The one writer of a journal: many runs' records under one sync.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot, watch};

use super::store::{Entry, Store, StoreError};

/// How many commands wait for the writer before those who send wait for room.
const QUEUE: usize = 4096;
/// How many entries go under one sync.
const BATCH: usize = 1024;

/// A handle to the writer. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    commands: mpsc::Sender<Command>,
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

type Ask = Box<dyn FnOnce(&mut dyn Store) + Send>;

enum Command {
    Write(Entry),
    Ask(Ask),
}

impl Writer {
    /// Starts the writer's thread, which ends when the last handle is gone.
    pub(crate) fn start(store: Box<dyn Store>) -> std::io::Result<Self> {
        let (commands, receiver) = mpsc::channel(QUEUE);
        let (progress, synced) = watch::channel(Progress {
            synced: 0,
            broken: None,
        });
        std::thread::Builder::new()
            .name("enact-journal".to_owned())
            .spawn(move || work(store, receiver, &progress))?;
        Ok(Self {
            commands,
            synced,
            given: Arc::default(),
        })
    }

    /// Hands an entry over; it is on disk once [`synced`](Self::synced) says so.
    pub(crate) async fn write(&self, entry: Entry) -> Result<Synced, Arc<StoreError>> {
        let room = self.commands.reserve().await.map_err(|_| self.broken())?;
        // One at a time, so that the numbers are in the order of the queue.
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        *given += 1;
        room.send(Command::Write(entry));
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

    /// Asks the store something; what waits to be written is not there yet.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Arc<StoreError>> {
        let (answer, asked) = oneshot::channel();
        let ask: Ask = Box::new(move |store| {
            // Whoever asked may have gone.
            let (Ok(()) | Err(_)) = answer.send(ask(store).map_err(Arc::new));
        });
        let sent = self.commands.send(Command::Ask(ask)).await;
        sent.map_err(|_| self.broken())?;
        asked.await.unwrap_or_else(|_| Err(self.broken()))
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
    mut commands: mpsc::Receiver<Command>,
    progress: &watch::Sender<Progress>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut taken = Vec::with_capacity(BATCH);
    while commands.blocking_recv_many(&mut taken, BATCH) > 0 {
        for command in taken.drain(..) {
            match command {
                Command::Write(entry) => batch.push(entry),
                Command::Ask(ask) => ask(&mut *store),
            }
        }
        if commit(&mut *store, &mut batch, progress).is_err() {
            return;
        }
    }
}

fn commit(
    store: &mut dyn Store,
    batch: &mut Vec<Entry>,
    progress: &watch::Sender<Progress>,
) -> Result<(), ()> {
    if batch.is_empty() {
        return Ok(());
    }
    let result = store.commit(batch);
    let count = batch.len() as u64;
    batch.clear();
    match result {
        Ok(()) => {
            progress.send_modify(|progress| progress.synced += count);
            Ok(())
        }
        Err(error) => {
            tracing::error!(target: "enact::journal", %error, "the journal takes no more");
            progress.send_modify(|progress| progress.broken = Some(Arc::new(error)));
            Err(())
        }
    }
}
