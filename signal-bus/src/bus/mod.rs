//! Signals from whoever publishes to whoever subscribes, in memory.

mod error;
mod mailbox;
mod publish;
mod queue;
mod subscription;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use enact_signal_core::{Envelope, Pattern, Seal};

use self::mailbox::Mailbox;
use crate::router::{Router, SharedRouter};

pub use self::error::{PublishError, PublishErrorKind};
pub use self::queue::Overflow;
pub use self::subscription::{Delivery, Subscribe, Subscription};

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
    routes: SharedRouter<Arc<Mailbox>, Envelope>,
    /// How many signals were published; held while one is put into all queues, so that all
    /// subscribers get signals in one order.
    published: Mutex<u64>,
    closed: AtomicBool,
}

impl Bus {
    /// A bus without subscribers.
    pub fn new() -> Self {
        Self::default()
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
    /// It waits only for room in queues whose overflow is [`Wait`](Overflow::Wait), and for nobody
    /// to have taken anything. Where the future is dropped before it is ready, nothing was
    /// published.
    ///
    /// # Errors
    ///
    /// The signal could not be sealed, a queue [refuses](Overflow::Refuse) it, or the bus was
    /// closed; nobody has got it then.
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

    /// Closes the bus: nothing more is published, and subscriptions end when what waits is taken.
    pub fn close(&self) {
        self.shared.close();
    }
}

impl Shared {
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn close(&self) {
        // What is being given is given to all, before or not at all.
        let _published = self
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Release);
        for (_, route) in self.routes.now().routes() {
            route.handler().close();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
    }
}

impl Default for SharedRouter<Arc<Mailbox>, Envelope> {
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
