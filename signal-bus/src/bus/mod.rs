//! Signals from whoever publishes to whoever subscribes, in memory.

mod builder;
mod delivery;
mod error;
pub(crate) mod figures;
mod handler;
mod lanes;
mod mailbox;
pub(crate) mod middleware;
mod publish;
mod queue;
mod rate;
mod receiver;
mod seen;
mod sink;
mod subscribe;
mod subscription;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_signal_core::{Envelope, Pattern, Seal, SignalType};
use tokio::sync::Notify;
use tokio::time::Instant;

use self::figures::Counts;
use self::middleware::Chain;
use self::rate::Sources;
use self::receiver::Receiver;
use self::seen::Seen;
use crate::router::{Explanation, Router, SharedRouter};

pub use self::builder::BusBuilder;
pub use self::delivery::{Delivery, Fate};
pub use self::error::{PublishError, PublishErrorKind};
pub use self::figures::{BusFigures, SubscriptionFigures};
pub use self::handler::{Answer, Handling};
pub use self::lanes::Lanes;
pub use self::middleware::{Middleware, Next, Outcome, Subscriber};
pub use self::queue::Overflow;
pub use self::rate::Rate;
pub use self::subscribe::Subscribe;
pub use self::subscription::Subscription;

/// Carries signals from whoever publishes to whoever subscribes, within a process.
///
/// Each subscriber has a queue of its own, which is bounded: one that is slow, hangs or is gone
/// changes nothing for the others, and publishers wait for it only where its queue says so. All
/// subscribers get signals in one order, that of their sequence numbers. Clones are the same bus;
/// it closes with the last of them.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{pattern, prelude::*};
/// use enact_signal_bus::Bus;
///
/// #[signal(type = "order.created", source = "/orders", version = 1)]
/// struct OrderCreated {
///     order_id: String,
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let bus = Bus::new();
/// let mut orders = bus.subscribe(pattern!("order.**")).open();
///
/// bus.publish(OrderCreated { order_id: "1042".into() }.subject("1042")).await?;
///
/// let delivery = orders.next().await.expect("the bus is open");
/// assert_eq!(delivery.open::<OrderCreated>()?.order_id, "1042");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bus {
    shared: Arc<Shared>,
}

/// The bus itself, without those who hold it.
#[derive(Default)]
struct Shared {
    routes: SharedRouter<Arc<Receiver>, Envelope>,
    /// Held while one is put into all queues, so that all subscribers get signals in one order.
    log: Mutex<Log>,
    /// Whether the log knows what was published lately.
    dedupes: bool,
    sources: Option<Mutex<Sources>>,
    chain: Chain,
    counts: Counts,
    closed: AtomicBool,
    /// Tells those who wait for nothing but the time.
    closing: Notify,
}

/// What was published.
#[derive(Debug, Default)]
struct Log {
    published: u64,
    seen: Option<Seen>,
}

impl Log {
    /// Finds what was published before, so that neither rates nor room are asked for it.
    fn find(&mut self, deliveries: &mut [Delivery]) {
        if let Some(seen) = &mut self.seen {
            let now = Instant::now();
            for delivery in deliveries {
                seen.is_new(delivery, now);
            }
        }
    }

    /// Gives each signal its number; those that come again have that of the one before.
    fn number(&mut self, deliveries: &mut [Delivery], again: &[(usize, usize)]) {
        let now = self.seen.is_some().then(Instant::now);
        for delivery in &mut *deliveries {
            match delivery.fate() {
                Fate::Duplicate => (),
                Fate::Skipped => delivery.settle(Fate::Skipped, self.published),
                Fate::Given => {
                    self.published += 1;
                    delivery.settle(Fate::Given, self.published);
                    if let Some((seen, now)) = self.seen.as_mut().zip(now) {
                        seen.add(delivery, self.published, now);
                    }
                }
            }
        }
        for (place, first) in again {
            let sequence = deliveries[*first].sequence();
            deliveries[*place].settle(Fate::Duplicate, sequence);
        }
    }
}

impl Bus {
    /// A bus without subscribers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a bus that does more: middlewares, each signal once, rates.
    pub fn builder() -> BusBuilder {
        BusBuilder::default()
    }

    /// Begins a subscription to whatever a pattern stands for.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::pattern;
    /// use enact_signal_bus::{Bus, Overflow};
    ///
    /// let bus = Bus::new();
    /// let orders = bus
    ///     .subscribe(pattern!("order.**"))
    ///     .queue(100, Overflow::Wait)
    ///     .open();
    /// assert_eq!(orders.waiting(), 0);
    /// ```
    pub fn subscribe(&self, pattern: impl Into<Pattern>) -> Subscribe<'_> {
        Subscribe::new(&self.shared, pattern.into())
    }

    /// Publishes a signal, a draft of one or an envelope, to all who have subscribed to its type.
    ///
    /// In this order: middlewares are asked, what was published before is found, the rate of the source
    /// and those of subscriptions are asked, room is looked for, and all get it at once. It waits only for
    /// a source's rate that [waits](Rate::waits) and for room in queues whose overflow is
    /// [`Wait`](Overflow::Wait), and for nobody to have taken anything. While it waits for room it holds
    /// none, and once there is some it goes to those who are subscribed then. So whoever needs room in
    /// several queues at once, or much of it, may be overtaken for long where others fill them again and
    /// again. Where the future is dropped before it is ready, nothing was published.
    ///
    /// # Errors
    ///
    /// The signal could not be sealed, a middleware halts it or panics, a rate or a queue
    /// [refuses](Overflow::Refuse) it, or the bus was closed; nobody has got it then.
    #[expect(clippy::missing_panics_doc, reason = "one is published of one")]
    pub async fn publish(&self, signal: impl Seal) -> Result<Delivery, PublishError> {
        let envelope = signal
            .seal()
            .map_err(|error| PublishError::signal(0, error))?;
        let mut published = publish::all(&self.shared, vec![envelope]).await?;
        Ok(published.pop().expect("one was published"))
    }

    /// Publishes several signals: all of them, one after the other with none between, or none.
    ///
    /// # Errors
    ///
    /// Those of [`publish`](Self::publish), which tell the first signal that could not be sealed.
    pub async fn publish_all<S: Seal>(
        &self,
        signals: impl IntoIterator<Item = S>,
    ) -> Result<Vec<Delivery>, PublishError> {
        let sealed = (0..).zip(signals).map(|(index, signal)| {
            let sealed = signal.seal();
            sealed.map_err(|error| PublishError::signal(index, error))
        });
        let envelopes = sealed.collect::<Result<Vec<_>, _>>()?;
        publish::all(&self.shared, envelopes).await
    }

    /// Says which subscriptions a type goes to, in which order, and why the others are not for it.
    ///
    /// It looks at every subscription as they are now, and asks no predicates.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{SignalType, pattern};
    /// use enact_signal_bus::{Bus, Why};
    ///
    /// let bus = Bus::new();
    /// let _orders = bus.subscribe(pattern!("order.*")).open();
    /// let explanation = bus.explain(&SignalType::new("order.item.added")?);
    /// assert_eq!(explanation.others()[0].why(), &Why::GoesOn { segment: 2 });
    /// # Ok::<_, enact::signal::MalformedName>(())
    /// ```
    pub fn explain(&self, signal_type: &SignalType) -> Explanation {
        self.shared.routes.now().explain(signal_type)
    }

    /// What was counted since it was made.
    pub fn figures(&self) -> BusFigures {
        let published = locked(&self.shared.log).published;
        self.shared.counts.figures(published)
    }

    /// Waits until no handler has anything to do.
    #[cfg(feature = "testing")]
    pub(crate) async fn settled(&self) {
        loop {
            // Before the list, so that whoever is subscribed and given work after it is noticed.
            let before = self.figures().published;
            let routes = self.shared.routes.now();
            let handled = routes.routes().map(|(_, route)| route.handler());
            let handled = handled.filter(|receiver| receiver.handled);
            let lanes: Vec<_> = handled.flat_map(|receiver| receiver.lanes.iter()).collect();
            for lane in &lanes {
                lane.idle().await;
            }
            // Where nothing was published in all that time, none that was idle has got work since.
            let idle = lanes.iter().all(|lane| lane.is_idle());
            if idle && self.figures().published == before {
                return;
            }
        }
    }

    /// Closes the bus: nothing more is published, and subscriptions end when what waits is taken.
    pub fn close(&self) {
        self.shared.close();
    }
}

impl Shared {
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Waits until it is closed.
    async fn until_closed(&self) {
        // Whoever asks before it is told hears of it.
        let closing = self.closing.notified();
        if !self.is_closed() {
            closing.await;
        }
    }

    fn close(&self) {
        // What is being given is given to all, before or not at all.
        let log = locked(&self.log);
        self.closed.store(true, Ordering::Release);
        drop(log);
        self.closing.notify_waiters();
        for (_, route) in self.routes.now().routes() {
            route.handler().close();
        }
    }

    /// Whether not everything that is published is given.
    fn can_leave_out(&self) -> bool {
        self.dedupes || !self.chain.is_empty()
    }

    /// Finds what was published before, and what comes in the batch again, with what it comes after.
    fn find_duplicates(&self, deliveries: &mut [Delivery]) -> Vec<(usize, usize)> {
        if !self.dedupes {
            return Vec::new();
        }
        let mut log = locked(&self.log);
        let seen = log.seen.as_mut();
        seen.map_or_else(Vec::new, |seen| seen.find_all(deliveries, Instant::now()))
    }
}

/// Nothing of the user's runs while a lock of the bus is held; a poisoned one would still be whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
    }
}

impl Default for SharedRouter<Arc<Receiver>, Envelope> {
    fn default() -> Self {
        Self::new(Router::new())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus")
            .field("subscriptions", &self.routes.now().len())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
