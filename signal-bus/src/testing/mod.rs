//! A kit for testing what publishes and what subscribes: a bus that remembers, and assertions about
//! what was published.
//!
//! Time is tokio's, so it stands still where a test begins with a paused clock: windows, rates and
//! timeouts of a bus then pass at once.
//!
//! ```
//! # extern crate enact_signal_core as enact;
//! use enact::signal::{pattern, prelude::*};
//! use enact_signal_bus::testing::{TestBus, assert_not_published, assert_published};
//!
//! #[signal(type = "order.created", source = "/orders")]
//! struct OrderCreated {
//!     total: u64,
//! }
//! #[signal(type = "order.approved", source = "/orders")]
//! struct OrderApproved {}
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let bus = TestBus::new();
//! let orders = bus.clone();
//! let approving = bus.subscribe(pattern!("order.created")).handle(move |created| {
//!     let orders = orders.clone();
//!     async move { orders.publish(OrderApproved {}.caused_by(&created)).await.map(drop) }
//! });
//!
//! bus.publish(OrderCreated { total: 1999 }).await?;
//! bus.settled().await;
//! assert_published!(bus, OrderCreated { total, .. } if *total > 10);
//! assert_published!(bus, OrderApproved {});
//! assert_not_published!(bus, OrderCreated { total: 0 });
//! assert_eq!(approving.figures().handled, 1);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_signal_core::Payload;

use crate::bus::{Bus, BusBuilder, Delivery, Fate, Middleware, Next};

/// Asserts that a signal was published at a [`TestBus`]: a pattern, and perhaps what has to hold of
/// what it binds, which are references.
///
/// Where none was, the failure lists all that were.
///
/// ```should_panic
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
/// use enact_signal_bus::testing::{TestBus, assert_published};
///
/// #[signal(type = "order.created", source = "/orders")]
/// struct OrderCreated {
///     total: u64,
/// }
///
/// let bus = TestBus::new();
/// assert_published!(bus, OrderCreated { total } if *total > 10);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __assert_published {
    ($bus:expr, $pattern:pat $(if $guard:expr)? $(,)?) => {
        $bus.assert_published(
            ::core::stringify!($pattern $(if $guard)?),
            |signal| ::core::matches!(signal, $pattern $(if $guard)?),
        )
    };
}

/// Asserts that no such signal was published at a [`TestBus`], in the words of [`assert_published`].
///
/// It fails too where nobody can tell: where one of that type was published that could not be read, and
/// where more than [`REMEMBERED`] were.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
/// use enact_signal_bus::testing::{TestBus, assert_not_published};
///
/// #[signal(type = "order.created", source = "/orders")]
/// struct OrderCreated {
///     total: u64,
/// }
///
/// let bus = TestBus::new();
/// assert_not_published!(bus, OrderCreated { .. });
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __assert_not_published {
    ($bus:expr, $pattern:pat $(if $guard:expr)? $(,)?) => {
        $bus.assert_not_published(
            ::core::stringify!($pattern $(if $guard)?),
            |signal| ::core::matches!(signal, $pattern $(if $guard)?),
        )
    };
}

#[doc(inline)]
pub use crate::{
    __assert_not_published as assert_not_published, __assert_published as assert_published,
};

/// How many signals are remembered; from then on the oldest are forgotten.
pub const REMEMBERED: usize = 100_000;

/// A bus that remembers what was published, for tests. It is a [`Bus`] otherwise; clones are the same.
#[derive(Clone, Debug)]
pub struct TestBus {
    bus: Bus,
    memory: Memory,
}

#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    all: VecDeque<Delivery>,
    /// How many there were before those.
    forgotten: usize,
}

impl Memory {
    fn inside(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Middleware for Memory {
    fn after_publish(&self, published: &Delivery) -> Next {
        if published.fate() == Fate::Given {
            let mut inside = self.inside();
            let full = inside.all.len() == REMEMBERED;
            let oldest = full.then(|| inside.all.pop_front());
            inside.forgotten += usize::from(full);
            inside.all.push_back(published.clone());
            drop(inside);
            // After the lock, since dropping a signal may run whatever its data has.
            drop(oldest);
        }
        Next::Continue
    }
}

impl TestBus {
    /// A bus without subscribers.
    pub fn new() -> Self {
        Self::of(Bus::builder())
    }

    /// A bus that does more, such as asking middlewares.
    ///
    /// ```
    /// use enact_signal_bus::{Bus, testing::TestBus};
    /// use std::time::Duration;
    ///
    /// let bus = TestBus::of(Bus::builder().dedupe(100, Duration::from_secs(60)));
    /// assert!(bus.published().is_empty());
    /// ```
    pub fn of(builder: BusBuilder) -> Self {
        let memory = Memory::default();
        let bus = builder.middleware(memory.clone()).build();
        Self { bus, memory }
    }

    /// The bus itself, to be handed on.
    pub fn bus(&self) -> Bus {
        self.bus.clone()
    }

    /// What was published, in order, without duplicates and what was skipped.
    pub fn published(&self) -> Vec<Delivery> {
        let mut all = Vec::from(self.memory.inside().all.clone());
        // Those who publish at once are told at once.
        all.sort_by_key(Delivery::sequence);
        all
    }

    /// The signals of one kind that were published, in order, without those that can't be read as such.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::prelude::*;
    /// use enact_signal_bus::testing::TestBus;
    ///
    /// #[signal(type = "order.created", source = "/orders")]
    /// struct OrderCreated {
    ///     total: u64,
    /// }
    ///
    /// assert!(TestBus::new().published_as::<OrderCreated>().is_empty());
    /// ```
    pub fn published_as<P: Payload>(&self) -> Vec<P> {
        let all = self.published().into_iter();
        all.filter_map(|one| one.envelope().open().ok()).collect()
    }

    /// Forgets what was published.
    pub fn forget(&self) {
        let _forgotten = std::mem::take(&mut *self.memory.inside());
    }

    /// Waits until all handlers have handled all that waits for them, and what they have published
    /// because of that. Streams are not waited for.
    pub async fn settled(&self) {
        self.bus.settled().await;
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn assert_published<P: Payload>(&self, what: &str, is: impl Fn(&P) -> bool) {
        if !self.published_as().iter().any(is) {
            self.failed("was not published", what);
        }
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn assert_not_published<P: Payload>(&self, what: &str, is: impl Fn(&P) -> bool) {
        if self.published_as().iter().any(is) {
            self.failed("was published", what);
        }
        let published = self.published();
        let mut fitting = published.iter().filter(|one| P::fits(one));
        let unread = fitting.find_map(|one| Some((one, one.open::<P>().err()?)));
        if let Some((one, error)) = unread {
            let number = one.sequence();
            let how = format!("may have been published: {number}. can't be read: {error}");
            self.failed(&how, what);
        }
        if self.memory.inside().forgotten > 0 {
            self.failed("may have been published: not all are remembered", what);
        }
    }

    #[track_caller]
    fn failed(&self, how: &str, what: &str) {
        let forgotten = self.memory.inside().forgotten;
        failed(how, what, forgotten, &self.published());
    }
}

impl Default for TestBus {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for TestBus {
    type Target = Bus;

    fn deref(&self) -> &Bus {
        &self.bus
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "a failed assertion panics")]
fn failed(how: &str, what: &str, forgotten: usize, published: &[Delivery]) {
    let mut list = String::new();
    if forgotten > 0 {
        // Writing to a String can't fail.
        let _ = write!(list, "\n  {forgotten} that are forgotten");
    }
    for one in published {
        let data = match one.json() {
            Ok(data) => data.to_string(),
            Err(_) => "data that is no JSON".to_owned(),
        };
        let subject = one
            .subject()
            .map_or_else(String::new, |subject| format!(" of {subject:?}"));
        let _ = write!(list, "\n  {}. {}{subject} {data}", one.sequence(), one.ty());
    }
    if list.is_empty() {
        list.push_str("\n  nothing");
    }
    panic!("`{what}` {how}; published was:{list}");
}

pub use crate::log::conforms as log_conforms;
