//! Making a persistent subscription, and taking from it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::Pattern;

use super::delivery::Delivery;
use super::drive::{Held, Name, Shared};
use super::figures::PersistentFigures;
use super::machine::Machine;
use super::policy::{Order, Policy};
use crate::log::{Entry, Log, LogError, Page, StartFrom, SubscriptionRow, millis, start};

/// A persistent subscription that is being made.
#[derive(Debug)]
#[must_use = "nothing is subscribed to before `open`"]
pub struct Subscribe {
    log: Log,
    name: Arc<str>,
    pattern: Pattern,
    from: StartFrom,
    policy: Policy,
}

impl Subscribe {
    pub(crate) fn new(log: Log, name: Arc<str>, pattern: Pattern) -> Self {
        Self {
            log,
            name,
            pattern,
            from: StartFrom::default(),
            policy: Policy::default(),
        }
    }

    /// With which signal it begins, where there is none of its name yet; with what is published from
    /// now on by default.
    pub fn start_from(self, from: StartFrom) -> Self {
        Self { from, ..self }
    }

    /// How many signals may be with somebody at once, 256 by default; one at least.
    pub fn max_in_flight(self, most: usize) -> Self {
        self.with(|policy| policy.in_flight = most.max(1))
    }

    /// How long somebody may have a signal before it is given out again, 30 seconds by default and one millisecond at
    /// least.
    pub fn ack_deadline(self, deadline: Duration) -> Self {
        self.with(|policy| policy.ack_deadline = millis(deadline).max(1))
    }

    /// How many attempts are made before a signal is a dead letter, 5 by default and one at least; how
    /// long to wait before the second, 100 ms by default, which doubles with each; and the longest wait, 60
    /// seconds by default.
    pub fn attempts(self, most: u32, backoff: Duration, longest: Duration) -> Self {
        self.with(|policy| {
            policy.attempts = most.max(1);
            policy.backoff = millis(backoff);
            policy.longest = millis(longest);
        })
    }

    /// What is given out in order: signals of one key by default.
    pub fn order(self, order: Order) -> Self {
        self.with(|policy| policy.order = order)
    }

    /// Opens the subscription: where there is one of its name, it goes on; otherwise it begins.
    ///
    /// # Errors
    /// [`Busy`](crate::log::LogErrorKind::Busy) where it is open already;
    /// [`Store`](crate::log::LogErrorKind::Store).
    pub async fn open(self) -> Result<PersistentSubscription, LogError> {
        let name = Name::take(self.log.inner(), &self.name)?;
        let row = self.row().await?;
        let machine = Machine::new(self.policy, &row);
        let names = (Arc::clone(&self.name), self.pattern.clone());
        let log = self.log.inner();
        let shared = name.hold(Shared::new(names, self.policy.order, log, machine));
        for standing in row.open {
            let sequence = standing.sequence;
            let page = Page {
                after: sequence - 1,
                up_to: sequence,
                pattern: None,
                most: 1,
            };
            let scan = log.reading.ask(move |reader| reader.read(&page)).await?;
            for row in &scan.rows {
                shared.bring(row, |machine, key, now| machine.resumed(standing, key, now));
            }
        }
        Ok(PersistentSubscription { shared })
    }

    /// The subscription as the store has it, once it has it.
    async fn row(&self) -> Result<SubscriptionRow, LogError> {
        let (name, from, last) = (Arc::clone(&self.name), self.from.clone(), self.log.last());
        let log = self.log.inner();
        // What whoever had it open before has said of it is written first.
        log.write(Vec::new()).await?;
        let found = log.reading.ask(move |reader| {
            let row = reader.subscription(&name)?;
            Ok((row, start(reader, &from, last)?))
        });
        let (row, cursor) = found.await?;
        if let Some(row) = row
            && row.pattern == self.pattern
        {
            return Ok(row);
        }
        let entry = Entry::Subscribe {
            name: Arc::clone(&self.name),
            pattern: self.pattern.clone(),
            cursor,
        };
        log.write(vec![entry]).await?;
        let name = Arc::clone(&self.name);
        let row = log.reading.ask(move |reader| reader.subscription(&name));
        row.await?.ok_or_else(LogError::closed)
    }

    fn with(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }
}

/// A persistent subscription that is open: gives out signals until they are acknowledged.
///
/// It goes on where it was, after a restart and after a crash. What was acknowledged is never given out
/// again; what was not is, so each signal is dealt with at least once. Clones share the signals among
/// them. Whoever is slow, hangs or panics with a signal delays nobody but those that come behind it by
/// the same key: as long as fewer than [`max_in_flight`](Subscribe::max_in_flight) are with somebody, fewer than four times
/// as many, 1,024 at least, and 64 MiB wait for something, and fewer than 65,536 are settled ahead of the oldest that is
/// not. Beyond that some have to be settled first.
///
/// It stays open as long as it, a clone or a delivery of it is there.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::log::{Log, StartFrom};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let log = Log::memory();
/// let orders = log.subscribe("billing", pattern!("order.**")).open().await?;
/// for subject in ["1042", "1043"] {
///     log.publish(Envelope::builder("order.created", "/shop").subject(subject)).await?;
/// }
/// let (first, second) = (orders.next().await?, orders.next().await?);
/// second.ack().await?;
/// // All up to 0 are settled: the first is not.
/// assert_eq!(orders.low_water_mark(), 0);
/// first.ack().await?;
/// assert_eq!(orders.low_water_mark(), 2);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PersistentSubscription {
    shared: Arc<Held>,
}

impl PersistentSubscription {
    /// The next signal, as soon as there is one.
    ///
    /// That it is given out is durable before it is, so a signal with which its process ends each time
    /// runs out of attempts. Nothing is lost where the future is dropped.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store).
    pub async fn next(&self) -> Result<Delivery, LogError> {
        let _waits = Waits::new(&self.shared);
        loop {
            let changed = self.shared.changed().notified();
            tokio::pin!(changed);
            // Before the look: so nothing that comes after it is missed.
            changed.as_mut().enable();
            self.shared.turn();
            if let Some((give, signal)) = self.shared.take()? {
                return Ok(Delivery::new(signal, give, Arc::clone(&self.shared)));
            }
            match self.shared.due() {
                None => changed.await,
                Some(due) => {
                    let left = due.saturating_sub(self.shared.log().now()).max(1);
                    let left = tokio::time::sleep(Duration::from_millis(left));
                    tokio::select! {
                        () = changed => {}
                        () = left => {}
                    }
                }
            }
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.shared.name()
    }

    /// Up to which signal all are settled, but those that were redriven.
    pub fn low_water_mark(&self) -> u64 {
        self.shared.look(Machine::cursor)
    }

    pub(super) fn deadline(&self) -> Duration {
        Duration::from_millis(self.shared.look(Machine::ack_deadline))
    }

    /// What was counted since it was opened, and how it stands.
    pub fn figures(&self) -> PersistentFigures {
        self.shared.figures()
    }

    /// How many signals are with somebody.
    pub fn in_flight(&self) -> usize {
        self.shared.look(Machine::in_flight)
    }
}

impl fmt::Debug for PersistentSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersistentSubscription")
            .field("name", &self.name())
            .field("low_water_mark", &self.low_water_mark())
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}

/// Somebody waits for a signal.
struct Waits<'a>(&'a Shared);

impl<'a> Waits<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.waits(true);
        Self(shared)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waits(false);
    }
}
