//! Looking at runs, and asking something of them, beside whoever runs them.

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use enact_signal_core::Envelope;
use serde_json::Value;

use super::error::EngineError;
use super::run::Summary;
use super::settings::Settings;
use crate::clock::{Clock, SystemClock};
#[cfg(feature = "postgres")]
use crate::journal::postgres::{self, Options};
#[cfg(feature = "sealed")]
use crate::journal::sealed::Keyring;
#[cfg(feature = "sqlite")]
use crate::journal::sqlite::Beside;
use crate::journal::{
    Body, Counts, Ending, Entry, EventId, Kept, List, Reader, Record, RunRow, Sent, Status,
    StoreError, What, sealed,
};

/// A journal that somebody else runs, or nobody at the moment: what stands in it can be read, and mail
/// can be left.
///
/// What is asked for is in the journal when a method returns, and survives a crash. It happens as soon as an
/// engine is at work on it.
///
/// ```no_run
/// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
/// use enact_workflow::engine::Client;
///
/// let client = Client::open("orders.db")?;
/// for run in client.list(10).await? {
///     println!("{} {} {}", run.id, run.workflow, run.status);
/// }
/// client.cancel("order-1042").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    reader: Arc<Mutex<Box<dyn Reader>>>,
    pub(super) clock: Arc<dyn Clock>,
    /// Whether it reads where that is asked for, and not on a thread that may block.
    here: bool,
}

impl Client {
    /// Opens a journal in a file that there is.
    ///
    /// # Errors
    /// Where there is none, or it is another program's; where it is sealed.
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>) -> Result<Self, EngineError> {
        let reader = Beside::open(path.as_ref());
        let reader = reader.map_err(|error| EngineError::store(error.into()))?;
        Self::with(Box::new(reader))
    }

    /// Opens a journal in a file that is sealed.
    ///
    /// What is asked for goes into it sealed too.
    ///
    /// # Errors
    /// Where there is none, or it is another program's; where it is not sealed, or with other keys.
    #[cfg(all(feature = "sqlite", feature = "sealed"))]
    pub fn open_with(path: impl AsRef<Path>, keys: &Keyring) -> Result<Self, EngineError> {
        let reader = Beside::open(path.as_ref());
        let reader = reader.map_err(|error| EngineError::store(error.into()))?;
        Self::sealed(Box::new(reader), keys)
    }

    /// Opens the journal that there is at `postgres://user@host/database`.
    ///
    /// # Errors
    /// Where there is none, or the database can't be reached; where it is sealed.
    #[cfg(feature = "postgres")]
    pub async fn postgres(url: &str) -> Result<Self, EngineError> {
        let url = url.to_owned();
        let reader = aside(move || postgres::Beside::open(&url, &Options::default())).await?;
        Self::with(Box::new(reader))
    }

    /// Opens the journal that there is at `postgres://user@host/database`, which is sealed.
    ///
    /// # Errors
    /// Where there is none, or the database can't be reached; where it is not sealed, or with other keys.
    #[cfg(all(feature = "postgres", feature = "sealed"))]
    pub async fn postgres_with(url: &str, keys: &Keyring) -> Result<Self, EngineError> {
        let url = url.to_owned();
        let reader = aside(move || postgres::Beside::open(&url, &Options::default())).await?;
        Self::sealed(Box::new(reader), keys)
    }

    /// A client of any journal that is not sealed.
    ///
    /// # Errors
    /// Where it is, or can't be read.
    pub fn with(mut reader: Box<dyn Reader>) -> Result<Self, EngineError> {
        sealed::unsealed(&mut *reader).map_err(EngineError::opening)?;
        Ok(Self::reading(reader))
    }

    /// A client of any journal that is sealed.
    ///
    /// # Errors
    /// Where it is not, or with other keys; where it can't be read.
    #[cfg(feature = "sealed")]
    pub fn sealed(reader: Box<dyn Reader>, keys: &Keyring) -> Result<Self, EngineError> {
        let reader = sealed::Beside::open(reader, keys).map_err(EngineError::opening)?;
        Ok(Self::reading(Box::new(reader)))
    }

    fn reading(reader: Box<dyn Reader>) -> Self {
        Self {
            reader: Arc::new(Mutex::new(reader)),
            clock: Arc::new(SystemClock),
            here: false,
        }
    }

    /// The client of an engine.
    pub(super) fn of(reader: Box<dyn Reader>, settings: &Settings) -> Self {
        Self {
            clock: Arc::clone(&settings.clock),
            here: settings.reads_here(),
            ..Self::reading(reader)
        }
    }

    /// The latest runs, the latest first.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub async fn list(&self, most: usize) -> Result<Vec<Summary>, EngineError> {
        let list = List {
            most,
            ..List::default()
        };
        self.select(list).await
    }

    /// The latest of some runs, the latest first.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub async fn select(&self, list: List) -> Result<Vec<Summary>, EngineError> {
        let rows = self.read(move |reader| reader.list(&list)).await?;
        Ok(rows.into_iter().map(Summary::of).collect())
    }

    /// The run of that id, in a line.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn find(&self, id: &str) -> Result<Summary, EngineError> {
        Ok(Summary::of(self.row(id).await?))
    }

    /// How many open runs there are.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub async fn counts(&self) -> Result<Counts, EngineError> {
        let now = self.clock.now();
        self.read(move |reader| reader.counts(now)).await
    }

    /// Sends a signal of that type to a run.
    ///
    /// # Errors
    /// Where no run of that id is open.
    pub async fn signal(
        &self,
        id: &str,
        kind: &str,
        subject: Option<String>,
        data: Value,
    ) -> Result<(), EngineError> {
        let sent = Sent {
            kind: kind.to_owned(),
            subject,
            version: None,
            data,
            event: None,
        };
        self.post(id, &What::Signal(sent)).await
    }

    /// Hands an event to a run, which has each once, by its source and its id.
    ///
    /// # Errors
    /// Where no run of that id is open, or has had the event; where the event's data is no JSON.
    pub async fn deliver(&self, id: &str, envelope: &Envelope) -> Result<(), EngineError> {
        let sent = Sent::of(envelope).map_err(|error| EngineError::event(id, error))?;
        let sent = self.post(id, &What::Signal(sent)).await;
        self.unless_had(id, &EventId::of(envelope), sent).await
    }

    /// Asks for a run to be cancelled; it stops, and goes back where it is a saga.
    ///
    /// # Errors
    /// Where no run of that id is open.
    pub async fn cancel(&self, id: &str) -> Result<(), EngineError> {
        self.post(id, &What::Cancelled).await
    }

    /// Asks for a run to end at once, whatever it has done; nothing is undone.
    ///
    /// # Errors
    /// Where no run of that id is open.
    pub async fn terminate(&self, id: &str) -> Result<(), EngineError> {
        self.post(id, &What::Terminate).await
    }

    /// Opens a run that has failed again, to go on from the step that failed.
    ///
    /// What had answered is not run again, but for what was undone since. The run has its deadline anew.
    ///
    /// # Errors
    /// Where no run of that id has failed.
    pub async fn retry(&self, id: &str) -> Result<(), EngineError> {
        let entry = self.reopening(id).await?;
        if self.read(move |reader| reader.leave(&entry)).await? {
            return Ok(());
        }
        Err(EngineError::not_failed(id))
    }

    /// Opens a run again in which the undo of a step has failed, to go on with that undo and what is left after it.
    ///
    /// # Errors
    /// [`Kind::NothingLeft`](super::Kind::NothingLeft) where no run of that id has left anything that could not be undone.
    pub async fn undo(&self, id: &str) -> Result<(), EngineError> {
        let entry = self.going_back(id).await?;
        if self.read(move |reader| reader.leave(&entry)).await? {
            return Ok(());
        }
        Err(EngineError::nothing_left(id))
    }

    /// What opens a run again that has failed.
    pub(super) async fn reopening(&self, id: &str) -> Result<Entry, EngineError> {
        let row = self.row(id).await?;
        let ending = failed(&row).ok_or_else(|| EngineError::not_failed(id))?;
        // What can't be read any more names no step, and the run is tried again all the same.
        let kept = ending.answer(row.new.run).ok().and_then(Result::err);
        let failed = kept.as_ref().and_then(Kept::step).map(str::to_owned);
        self.opening(id, row.new.run, &What::Retried { failed })
    }

    /// What opens a run again that has left something that could not be undone.
    pub(super) async fn going_back(&self, id: &str) -> Result<Entry, EngineError> {
        let row = self.row(id).await?;
        let ending = failed(&row).ok_or_else(|| EngineError::nothing_left(id))?;
        let answer = ending.answer(row.new.run);
        let answer = answer.map_err(|damage| EngineError::damaged(id, damage))?;
        if !answer.is_err_and(|kept| kept.has_left()) {
            return Err(EngineError::nothing_left(id));
        }
        self.opening(id, row.new.run, &What::GoesBack)
    }

    fn opening(&self, id: &str, run: u64, what: &What) -> Result<Entry, EngineError> {
        let body = Body::of(what).map_err(|error| EngineError::input(id, error))?;
        let record = Record::new(run, String::new(), self.clock.now(), body);
        Ok(Entry::Reopen { run, record })
    }

    async fn post(&self, id: &str, what: &What) -> Result<(), EngineError> {
        let entry = posting(id, self.row(id).await?.new.run, what)?;
        if self.read(move |reader| reader.leave(&entry)).await? {
            return Ok(());
        }
        Err(EngineError::not_open(id))
    }

    pub(super) async fn row(&self, id: &str) -> Result<RunRow, EngineError> {
        let row = self.look(id).await?;
        row.ok_or_else(|| EngineError::not_there(id))
    }

    pub(super) async fn look(&self, id: &str) -> Result<Option<RunRow>, EngineError> {
        let id = id.to_owned();
        self.read(move |reader| reader.find(&id)).await
    }

    /// A run with all that is recorded of it.
    pub(super) async fn recorded(&self, id: &str) -> Result<(RunRow, Vec<Record>), EngineError> {
        let row = self.row(id).await?;
        let run = row.new.run;
        let records = self.read(move |reader| reader.records(run)).await?;
        Ok((row, records))
    }

    /// Reads on a thread where it may block.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let reader = Arc::clone(&self.reader);
        let read = move || {
            let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            read(&mut **reader)
        };
        if self.here {
            return read().map_err(|error| EngineError::store(error.into()));
        }
        aside(read).await
    }
}

/// Uses a journal on a thread where that may block.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, EngineError> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.unwrap_or_else(|error| Err(StoreError::new("read", "", error)));
    done.map_err(|error| EngineError::store(error.into()))
}

/// Mail for a run.
pub(super) fn posting(id: &str, run: u64, what: &What) -> Result<Entry, EngineError> {
    let body = Body::of(what).map_err(|error| EngineError::input(id, error))?;
    Ok(Entry::Post { run, body })
}

/// How a run ended that has failed.
fn failed(row: &RunRow) -> Option<&Ending> {
    let ending = row.ending.as_ref();
    ending.filter(|ending| ending.status == Status::Failed)
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
