//! A subscription that is being made.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_core::{Envelope, Pattern, Sink};
use foldhash::fast::RandomState;

use super::handler::{Answer, Handling};
use super::lanes::Lanes;
use super::mailbox::Mailbox;
use super::middleware::Subscriber;
use super::rate::{Bucket, Rate};
use super::receiver::{Key, Receiver};
use super::subscription::Registration;
use super::{Delivery, Overflow, Shared, Subscription};
use crate::router::Priority;

/// Who takes what waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taker {
    Stream,
    Handler,
}

type Predicate = Box<dyn Fn(&Envelope) -> bool + Send + Sync>;

/// A subscription that is being made.
///
/// It ends as a stream, with [`open`](Self::open), or as a handler that runs in a task of its own,
/// with [`handle`](Self::handle) or, for a sink, with [`to`](Self::to).
#[must_use = "nothing is subscribed to before `open`, `handle` or `to`"]
pub struct Subscribe<'a> {
    bus: &'a Arc<Shared>,
    pattern: Pattern,
    name: String,
    priority: Priority,
    predicates: Vec<Predicate>,
    capacity: usize,
    /// What was asked for, if anything was.
    overflow: Option<Overflow>,
    rate: Option<Rate>,
    pub(super) timeout: Option<Duration>,
}

impl<'a> Subscribe<'a> {
    pub(super) fn new(bus: &'a Arc<Shared>, pattern: Pattern) -> Self {
        Self {
            bus,
            pattern,
            name: String::new(),
            priority: Priority::default(),
            predicates: Vec::new(),
            capacity: 1024,
            overflow: None,
            rate: None,
            timeout: None,
        }
    }

    /// What the subscriber is called in logs and by middlewares; its pattern, by default.
    pub fn named(self, name: impl Into<String>) -> Self {
        let name = name.into();
        Self { name, ..self }
    }

    /// Before which others the subscriber gets a signal.
    pub fn at(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }

    /// Which of the signals are meant; said again, all has to hold.
    ///
    /// It is asked when a signal is published and may not block. One that panics says no, which is
    /// told as an error; others get the signal.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::Bus;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let bus = Bus::new();
    /// let european = |order: &Envelope| order.subject().is_some_and(|id| id.starts_with("eu-"));
    /// let orders = bus.subscribe(pattern!("order.*")).when(european).open();
    /// for subject in ["eu-1", "us-1"] {
    ///     bus.publish(Envelope::builder("order.paid", "/shop").subject(subject)).await?;
    /// }
    /// assert_eq!(orders.waiting(), 1);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn when(mut self, predicate: impl Fn(&Envelope) -> bool + Send + Sync + 'static) -> Self {
        self.predicates.push(Box::new(predicate));
        self
    }

    /// How many signals can wait for the subscriber, 1,024 by default, and what happens where more
    /// come; one at least. Where there are [lanes](Self::lanes), so many in each.
    ///
    /// By default the oldest makes room, and for a [sink](Self::to) the publishing is refused.
    pub fn queue(self, capacity: usize, overflow: Overflow) -> Self {
        let (capacity, overflow) = (capacity.max(1), Some(overflow));
        Self {
            capacity,
            overflow,
            ..self
        }
    }

    /// How many signals the subscriber gets in a time; any number, by default.
    ///
    /// Where more come, a publishing is refused as a whole, before anybody gets anything; or, where
    /// the rate [waits](Rate::waits), they are published and wait in the subscriber's queue. Taking
    /// from it then needs a runtime with time.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::{Bus, PublishErrorKind, Rate};
    /// use std::time::Duration;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let bus = Bus::new();
    /// let rate = Rate::new(1, Duration::from_secs(60));
    /// let _mails = bus.subscribe(pattern!("mail.*")).rate(rate).open();
    /// bus.publish(Envelope::builder("mail.wanted", "/shop")).await?;
    /// let refused = bus.publish(Envelope::builder("mail.wanted", "/shop")).await.unwrap_err();
    /// assert_eq!(refused.kind(), PublishErrorKind::Limited);
    /// assert!(refused.retry_after().is_some_and(|wait| wait.as_secs() >= 58));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn rate(self, rate: Rate) -> Self {
        let rate = Some(rate);
        Self { rate, ..self }
    }

    /// How long a handler may take for one signal; any time, by default. One that takes longer is
    /// dropped where it waits, which is told and counted.
    pub fn timeout(self, timeout: Duration) -> Self {
        let timeout = Some(timeout);
        Self { timeout, ..self }
    }

    /// Divides the signals among so many lanes by their key: those of one key come one after
    /// the other, those of different keys at the same time. One lane at least.
    pub fn lanes(self, count: usize) -> Lanes<'a> {
        let random = RandomState::default();
        let key = move |envelope: &Envelope| {
            use std::hash::BuildHasher as _;
            random.hash_one(envelope.subject().unwrap_or_else(|| envelope.source()))
        };
        Lanes::new(self, count, Box::new(key))
    }

    /// Subscribes: what is published from now on is got.
    pub fn open(self) -> Subscription {
        let (registration, _) = self.register(1, None, Taker::Stream);
        Subscription::new(&registration, 0)
    }

    /// Subscribes with a handler, which runs in a task of its own, one signal after the other.
    ///
    /// What it answers, `()` or a `Result`, is counted, and failures are told as events of
    /// `tracing`, as is a panic: it costs that one signal. A handler that is slow or hangs fills its
    /// own queue and holds up nobody else, unless the queue says that publishers [`Wait`](Overflow::Wait).
    /// (One that blocks its thread blocks whatever the runtime has on that thread.)
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::{Bus, Delivery};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// async fn ship(order: Delivery) -> Result<(), String> {
    ///     match order.subject() {
    ///         Some(_) => Ok(()),
    ///         None => Err("nobody knows which order that is".to_owned()),
    ///     }
    /// }
    ///
    /// let bus = Bus::new();
    /// let shipping = bus.subscribe(pattern!("order.paid")).named("ship").handle(ship);
    /// bus.publish(Envelope::builder("order.paid", "/shop").subject("1042")).await?;
    /// bus.publish(Envelope::builder("order.paid", "/shop")).await?;
    /// let figures = shipping.finish().await;
    /// assert_eq!((figures.handled, figures.failed), (1, 1));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn handle<H, F>(self, handler: H) -> Handling
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output: Answer> + Send + 'static,
    {
        let timeout = self.timeout;
        let (registration, lanes) = self.register(1, None, Taker::Handler);
        Handling::start(registration, lanes, handler, timeout)
    }

    /// Subscribes for a [`Sink`]: it gets each signal in a task of its own, as a
    /// [handler](Self::handle) does.
    ///
    /// What its queue has no room for is not published: unless [`queue`](Self::queue) says another
    /// overflow, it is [`Refuse`](Overflow::Refuse), so that nothing is lost on the way to a place
    /// that keeps it, and nobody waits for a bus that waits for them. What the sink refuses is told
    /// and counted, and not tried again; a target tries again under its
    /// [layers](crate::dispatch::layer), a [persistent subscription](crate::persistent) by itself.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::Bus;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let (inner, outer) = (Bus::new(), Bus::new());
    /// let mut seen = outer.subscribe(pattern!("**")).open();
    /// let bridge = inner.subscribe(pattern!("order.**")).to(outer.clone());
    /// inner.publish(Envelope::builder("order.paid", "/shop")).await?;
    /// assert_eq!(bridge.finish().await.handled, 1);
    /// assert_eq!(seen.next().await.map(|paid| paid.ty().to_string()).as_deref(), Some("order.paid"));
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
        self.refusing().handle(move |delivery| {
            let sink = Arc::clone(&sink);
            async move { sink.accept(delivery.into_envelope()).await }
        })
    }

    /// The same, whose queue refuses what it has no room for, unless another overflow was asked for.
    pub(super) fn refusing(self) -> Self {
        let overflow = Some(self.overflow.unwrap_or(Overflow::Refuse));
        Self { overflow, ..self }
    }

    #[cfg_attr(
        not(feature = "testing"),
        expect(unused_variables, reason = "a test's bus waits for handlers")
    )]
    pub(super) fn register(
        self,
        lanes: usize,
        key: Option<Key>,
        taker: Taker,
    ) -> (Arc<Registration>, usize) {
        let overflow = self.overflow.unwrap_or_default();
        let mailbox = || Arc::new(Mailbox::new(self.capacity, overflow));
        let receiver = Arc::new(Receiver {
            subscriber: Subscriber {
                name: self.name,
                pattern: self.pattern.clone(),
            },
            lanes: (0..lanes).map(|_| mailbox()).collect(),
            key,
            #[cfg(feature = "testing")]
            handled: taker == Taker::Handler,
            rate: self.rate,
            bucket: Mutex::new(Bucket::default()),
            chain: self.bus.chain.clone(),
            tally: super::figures::Tally::default(),
        });
        let handler = Arc::clone(&receiver);
        let route = self.bus.routes.edit(|router| {
            let mut route = router.on(self.pattern, self.priority, handler);
            for predicate in self.predicates {
                route = route.when(move |envelope| predicate(envelope));
            }
            route.id()
        });
        if self.bus.is_closed() {
            receiver.close();
        }
        let bus = Arc::downgrade(self.bus);
        let registration = Registration {
            receiver,
            route,
            bus,
            ended: AtomicBool::new(false),
        };
        (Arc::new(registration), lanes)
    }
}

impl fmt::Debug for Subscribe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe")
            .field("pattern", &self.pattern)
            .field("name", &self.name)
            .field("priority", &self.priority)
            .field("capacity", &self.capacity)
            .field("overflow", &self.overflow)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
