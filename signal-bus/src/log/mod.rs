//! The durable record of signals: published once, read again in the order in which they were recorded.
//!
//! A [`Log`] is append-only. One writer puts what many publish and settle under one sync; whatever is
//! durable, all before it is too. [`Log::subscribe`] gives signals to whoever acknowledges them,
//! over restarts; [`Log::replay`] and [`Log::snapshot`] read them again; [`Log::trail`] tells what caused what.
//!
//! [`Store`] is the port: [`Memory`] and `Sqlite` implement it, and whoever has another place to keep
//! logs can too; the suite that tells whether it keeps its promises is `enact::bus::testing::log_conforms`.

mod clock;
#[cfg(any(test, feature = "testing"))]
mod conforms;
mod error;
mod hub;
mod memory;
mod publish;
mod reading;
mod replay;
mod select;
mod sink;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod telemetry;
mod window;
mod writer;

#[cfg(test)]
mod tests;

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::Arc;

use enact_signal_core::{Limits, Pattern, Seal, Timestamp};
use tokio::sync::Semaphore;

pub(crate) use self::clock::millis;
pub use self::clock::{Clock, SystemClock};
#[cfg(any(test, feature = "testing"))]
pub use self::conforms::conforms;
pub(crate) use self::error::told;
pub use self::error::{LogError, LogErrorKind};
pub(crate) use self::hub::Hub;
pub use self::memory::Memory;
use self::publish::Batch;
pub use self::publish::Published;
pub(crate) use self::reading::Reading;
pub use self::replay::{Recorded, Replay};
pub(crate) use self::replay::{page, start};
pub(crate) use self::select::moment;
pub use self::select::{Select, StartFrom};
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
#[cfg(feature = "sqlite")]
pub(crate) use self::sqlite::beside;
pub use self::store::{
    Change, DeadLetter, Entry, Page, Progress, Reader, Row, Scan, Standing, Store, StoreError,
    SubscriptionRow,
};
pub use self::telemetry::LogFigures;
use self::telemetry::{Tally, Wait};
use self::window::Naming;
pub(crate) use self::writer::{Done, Job, Outcome, Waiter, Work, Writer};
use self::writer::{Drafts, Recorder};
use crate::bus::middleware::{Chain, Middleware};
use crate::persistent::{DeadLetters, Subscribe};
use crate::trail::Trail;

/// The durable record of signals.
///
/// Clones are the same log; it closes with the last of them, of its subscriptions and of their
/// deliveries.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{pattern, prelude::*};
/// use enact_signal_bus::log::{Log, StartFrom};
///
/// #[signal(type = "order.created", source = "/orders", version = 1)]
/// struct OrderCreated {
///     order_id: String,
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// // `Log::open("signals.db")` keeps it in a file.
/// let log = Log::memory();
/// log.publish(OrderCreated { order_id: "1042".into() }.subject("1042")).await?;
///
/// let billing = log
///     .subscribe("billing", pattern!("order.**"))
///     .start_from(StartFrom::Origin)
///     .open()
///     .await?;
/// let delivery = billing.next().await?;
/// assert_eq!(delivery.open::<OrderCreated>()?.order_id, "1042");
/// delivery.ack().await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Log {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) writer: Writer,
    pub(crate) reading: Reading,
    pub(crate) hub: Arc<Hub>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chain: Chain,
    tally: Arc<Tally>,
    naming: Naming,
    limits: Limits,
    /// Bytes that may wait for the writer.
    room: Arc<Semaphore>,
}

/// How a log is kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many signals back one of the same source and id is known, and not recorded again; 65,536
    /// by default.
    pub window: usize,
    /// How large signals may be.
    pub limits: Limits,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// What stands around publishing and dispatch.
    pub middlewares: Middlewares,
}

/// The [middlewares](Settings::middleware) of a log; none, by default.
#[derive(Clone, Debug, Default)]
pub struct Middlewares(Chain);

impl Settings {
    /// Adds a middleware, which is asked after those before it about what is to happen, and before
    /// them about what has: the same as those of a [bus](crate::Bus).
    ///
    /// It is asked about each signal before that is recorded, and before each time that a persistent
    /// subscription gives one out.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::log::{Log, LogErrorKind, Memory, Settings};
    /// use enact_signal_bus::{Delivery, Fate, Middleware, Next, Subscriber};
    ///
    /// struct OnlyOurs;
    ///
    /// impl Middleware for OnlyOurs {
    ///     fn before_publish(&self, envelope: &Envelope) -> Next {
    ///         match envelope.source().starts_with("/shop") {
    ///             true => Next::Continue,
    ///             false => Next::Halt("only the shop publishes here".into()),
    ///         }
    ///     }
    ///
    ///     fn before_dispatch(&self, to: &Subscriber, delivery: &Delivery) -> Next {
    ///         match (to.name(), delivery.subject()) {
    ///             // Billing never hears of tests; for it they are settled.
    ///             ("billing", Some("test")) => Next::Skip,
    ///             _ => Next::Continue,
    ///         }
    ///     }
    /// }
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let settings = Settings::default().middleware(OnlyOurs);
    /// let log = Log::over(Memory::default(), settings)?;
    /// let billing = log.subscribe("billing", pattern!("order.**")).open().await?;
    ///
    /// let refused = log.publish(Envelope::builder("order.created", "/elsewhere")).await;
    /// assert_eq!(refused.unwrap_err().kind(), LogErrorKind::Halted);
    /// for subject in ["test", "1042"] {
    ///     log.publish(Envelope::builder("order.created", "/shop").subject(subject)).await?;
    /// }
    /// let order = billing.next().await?;
    /// assert_eq!(order.subject(), Some("1042"));
    /// order.ack().await?;
    /// assert_eq!(billing.low_water_mark(), 2);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middlewares.0.push(middleware);
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: 1 << 16,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            middlewares: Middlewares::default(),
        }
    }
}

/// How many bytes may wait for the writer; who publishes more waits.
const ROOM: usize = 64 << 20;

impl Log {
    /// Opens the log in a file, or makes it where there is none.
    ///
    /// The file may have tables of others: a journal of durable runs, or some of the program's own.
    /// While two write to one file, each waits for the other's sync, so the
    /// busier of them is better off with a file of its own.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`] where another process has it open, or it is no file of `SQLite`.
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LogError> {
        Self::over(Sqlite::open(path)?, Settings::default())
    }

    /// A log in memory, which ends with its process.
    #[expect(clippy::missing_panics_doc, reason = "memory does not fail")]
    pub fn memory() -> Self {
        Self::over(Memory::default(), Settings::default()).expect("memory can be read")
    }

    /// A log over a store, with settings.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`] where the store can't be read.
    pub fn over<S: Store + 'static>(store: S, settings: Settings) -> Result<Self, LogError> {
        let is_memory = std::any::TypeId::of::<S>() == std::any::TypeId::of::<Memory>();
        let (hub, naming) = (Arc::new(Hub::default()), Naming::default());
        let reader = store.reader()?;
        let recorder = Recorder::open(Box::new(store), &hub, &naming, &settings)?;
        let tally = recorder.tally();
        // What is in memory has nobody wait, so it goes the same way each time.
        let (writer, reading) = if is_memory {
            (Writer::inline(recorder), Reading::inline(reader))
        } else {
            let writer = Writer::start(recorder).map_err(LogError::thread)?;
            (writer, Reading::start(reader).map_err(LogError::thread)?)
        };
        let inner = Inner {
            writer,
            reading,
            hub,
            clock: settings.clock,
            chain: settings.middlewares.0,
            tally,
            naming,
            limits: settings.limits,
            room: Arc::new(Semaphore::new(ROOM)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Publishes a signal, a draft of one or an envelope: it is durable when this returns.
    ///
    /// One whose source and id were published before, within the [window](Settings::window), is not
    /// recorded again; nor is one that a [middleware](Settings::middleware) skips. Where the future is dropped before it is ready, the signal may have been
    /// published or not; publishing the same envelope again is safe.
    ///
    /// # Errors
    /// [`LogErrorKind::Signal`] where it could not be sealed; [`LogErrorKind::Halted`] or
    /// [`LogErrorKind::Middleware`] where a middleware refuses it; [`LogErrorKind::Store`].
    #[expect(clippy::missing_panics_doc, reason = "one is published of one")]
    pub async fn publish(&self, signal: impl Seal) -> Result<Published, LogError> {
        let published = self.publish_all([signal]).await?;
        Ok(*published.first().expect("one was published"))
    }

    /// Publishes several signals: all of them, one after the other with none between, or none.
    ///
    /// # Errors
    /// Those of [`publish`](Self::publish), which tell the first signal that could not be sealed.
    pub async fn publish_all<S: Seal>(
        &self,
        signals: impl IntoIterator<Item = S>,
    ) -> Result<Vec<Published>, LogError> {
        Batch::of(&self.inner, signals)?.publish(&self.inner).await
    }

    /// Begins a persistent subscription to whatever a pattern stands for.
    ///
    /// It is known by its name, under which it goes on after a restart.
    pub fn subscribe(&self, name: impl Into<Arc<str>>, pattern: impl Into<Pattern>) -> Subscribe {
        Subscribe::new(self.clone(), name.into(), pattern.into())
    }

    /// Ends a persistent subscription: its cursor, its deliveries and its dead letters are forgotten.
    ///
    /// # Errors
    /// [`LogErrorKind::Busy`] where it is open; [`LogErrorKind::Store`].
    pub async fn unsubscribe(&self, name: &str) -> Result<(), LogError> {
        let name: Arc<str> = name.into();
        if self.inner.hub.has(&name) {
            return Err(LogError::busy(name));
        }
        self.inner.write(vec![Entry::Unsubscribe { name }]).await
    }

    /// The names of the persistent subscriptions, open or not.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`].
    pub async fn subscriptions(&self) -> Result<Vec<Arc<str>>, LogError> {
        self.inner.reading.ask(|reader| reader.names()).await
    }

    /// The dead letters of a persistent subscription.
    pub fn dead_letters(&self, name: impl Into<Arc<str>>) -> DeadLetters {
        DeadLetters::new(self.clone(), name.into())
    }

    /// Reads signals again, in the order in which they were recorded, up to the last one that there is
    /// by now.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`].
    pub async fn replay(&self, select: Select) -> Result<Replay, LogError> {
        Replay::begin(self.clone(), select).await
    }

    /// All signals of a selection, in the order in which they were recorded; the first `most` of them,
    /// where there are more.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`], [`LogErrorKind::Damaged`].
    pub async fn snapshot(&self, select: Select, most: usize) -> Result<Vec<Recorded>, LogError> {
        let mut replay = self.replay(select).await?;
        let mut all = Vec::new();
        while all.len() < most
            && let Some(recorded) = replay.next().await
        {
            all.push(recorded?);
        }
        Ok(all)
    }

    /// The number of the last signal that is durable; 0 where there is none.
    pub fn last(&self) -> u64 {
        self.inner.hub.last()
    }

    /// Deletes signals that were recorded before that time: the oldest, `most` at most, and none that a
    /// subscription has yet to settle or has for a dead letter. The last signal of the log stays, however
    /// old it is, since numbers go on from it. Returns how many.
    ///
    /// # Errors
    /// [`LogErrorKind::Store`].
    pub async fn prune(&self, before: Timestamp, most: usize) -> Result<usize, LogError> {
        let at = moment(&before);
        let first = self.inner.reading.ask(move |reader| reader.first_at(at));
        match self.inner.work(Work::Prune(first.await?, most)).await? {
            Done::Pruned(count) => Ok(count),
            _ => Ok(0),
        }
    }

    /// What caused what.
    pub fn trail(&self) -> Trail {
        Trail::new(self.clone())
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl Inner {
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Has something done, and waits until it is durable.
    pub(crate) async fn work(&self, work: Work) -> Result<Done, LogError> {
        self.writer.hand(work).await.wait().await
    }

    /// Has entries written, and waits until they are durable.
    pub(crate) async fn write(&self, entries: Vec<Entry>) -> Result<(), LogError> {
        self.work(Work::Write(entries)).await.map(drop)
    }
}
