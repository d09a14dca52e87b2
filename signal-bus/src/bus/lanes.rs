//! A subscription that is being made, with order per key.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use enact_signal_core::{Envelope, Sink};
use foldhash::fast::RandomState;

use super::handler::{Answer, Handling};
use super::receiver::Key;
use super::subscribe::{Subscribe, Taker};
use super::{Delivery, Subscription};

/// A subscription that is being made, whose signals are divided among lanes.
///
/// The key of a signal is its subject, or its source where it has none, unless [`by`](Self::by)
/// says another. Signals of one key are always in one lane, in the order in which they were published.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::Bus;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let bus = Bus::new();
/// let booking = bus.subscribe(pattern!("account.*")).lanes(8).handle(async |_| ());
/// for account in ["a", "b", "a"] {
///     bus.publish(Envelope::builder("account.changed", "/bank").subject(account)).await?;
/// }
/// assert_eq!(booking.finish().await.handled, 3);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is subscribed to before `open`, `handle` or `to`"]
pub struct Lanes<'a> {
    subscribe: Subscribe<'a>,
    count: usize,
    key: Key,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(subscribe: Subscribe<'a>, count: usize, key: Key) -> Self {
        Self {
            subscribe,
            count: count.max(1),
            key,
        }
    }

    /// What the key of a signal is. It is asked when a signal is published and may not block; where
    /// it panics, which is told as an error, the first lane has the signal.
    pub fn by<K: Hash>(self, key: impl Fn(&Envelope) -> K + Send + Sync + 'static) -> Self {
        let random = RandomState::default();
        let key = move |envelope: &Envelope| {
            use std::hash::BuildHasher as _;
            random.hash_one(key(envelope))
        };
        Self {
            key: Box::new(key),
            ..self
        }
    }

    /// Subscribes: a stream for each lane.
    pub fn open(self) -> Vec<Subscription> {
        let (registration, lanes) =
            self.subscribe
                .register(self.count, Some(self.key), Taker::Stream);
        (0..lanes)
            .map(|lane| Subscription::new(&registration, lane))
            .collect()
    }

    /// Subscribes with a handler, which runs in a task for each lane.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn handle<H, F>(self, handler: H) -> Handling
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output: Answer> + Send + 'static,
    {
        let timeout = self.subscribe.timeout;
        let (registration, lanes) =
            self.subscribe
                .register(self.count, Some(self.key), Taker::Handler);
        Handling::start(registration, lanes, handler, timeout)
    }

    /// Subscribes for a [`Sink`], which gets the signals of each lane one after the other, in a task for
    /// each lane: as [`Subscribe::to`] has it otherwise.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::Bus;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let (branch, bank) = (Bus::new(), Bus::new());
    /// let carrying = branch.subscribe(pattern!("account.*")).lanes(8).to(bank.clone());
    /// branch.publish(Envelope::builder("account.changed", "/bank").subject("a")).await?;
    /// assert_eq!(carrying.finish().await.handled, 1);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn to(self, sink: impl Sink) -> Handling {
        let sink = Arc::new(sink);
        let subscribe = self.subscribe.refusing();
        let lanes = Self { subscribe, ..self };
        lanes.handle(move |delivery| {
            let sink = Arc::clone(&sink);
            async move { sink.accept(delivery.into_envelope()).await }
        })
    }
}

impl fmt::Debug for Lanes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes")
            .field("subscribe", &self.subscribe)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}
