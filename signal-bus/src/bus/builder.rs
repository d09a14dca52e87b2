//! A bus that is being made.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use super::figures::Counts;
use super::middleware::{Chain, Middleware};
use super::rate::{Rate, Sources};
use super::seen::Seen;
use super::{Bus, Log, Shared};
use crate::router::SharedRouter;

/// A bus that is being made.
///
/// ```
/// use enact_signal_bus::{Bus, Rate};
/// use std::time::Duration;
///
/// let bus = Bus::builder()
///     .dedupe(10_000, Duration::from_secs(600))
///     .rate_per_source(Rate::new(1000, Duration::from_secs(1)))
///     .build();
/// assert_eq!(bus.figures().published, 0);
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct BusBuilder {
    chain: Chain,
    seen: Option<Seen>,
    rate: Option<Rate>,
}

impl BusBuilder {
    /// Adds a middleware, which is asked after those before it about what is to happen, and before
    /// them about what has.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.chain.push(middleware);
        self
    }

    /// Publishes each signal once, by its source and its id: what comes again within the last `most`
    /// signals and within `age` is not given again, and
    /// [`Delivery::fate`](super::Delivery::fate) says so. It is not done, by default.
    ///
    /// ```
    /// use enact_signal_bus::{Bus, Fate};
    /// use enact_signal_core::Envelope;
    /// use std::time::Duration;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let bus = Bus::builder().dedupe(1000, Duration::from_secs(60)).build();
    /// let paid = Envelope::builder("order.paid", "/shop").id("p-1").build()?;
    /// let first = bus.publish(paid.clone()).await?;
    /// let again = bus.publish(paid).await?;
    /// assert_eq!((first.fate(), again.fate()), (Fate::Given, Fate::Duplicate));
    /// assert_eq!(first.sequence(), again.sequence());
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn dedupe(self, most: usize, age: Duration) -> Self {
        let seen = Some(Seen::new(most, age));
        Self { seen, ..self }
    }

    /// How many signals of each source there may be in a time; any number, by default.
    ///
    /// More are refused, or their publisher waits where the rate [waits](Rate::waits), which needs
    /// a runtime with time. 65,536 sources have rates of their own at once; those beyond share one.
    pub fn rate_per_source(self, rate: Rate) -> Self {
        let rate = Some(rate);
        Self { rate, ..self }
    }

    /// The bus, without subscribers.
    pub fn build(self) -> Bus {
        let shared = Shared {
            dedupes: self.seen.is_some(),
            log: Mutex::new(Log {
                published: 0,
                seen: self.seen,
            }),
            sources: self.rate.map(|rate| Mutex::new(Sources::new(rate))),
            chain: self.chain,
            routes: SharedRouter::default(),
            counts: Counts::default(),
            closed: AtomicBool::new(false),
            closing: Notify::new(),
        };
        Bus {
            shared: Arc::new(shared),
        }
    }
}
