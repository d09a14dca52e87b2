//! How signals are published: all that can refuse them is asked first, and then nothing can fail.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::time::Instant;

use super::mailbox::Mailbox;
use super::middleware::Went;
use super::queue::Room;
use super::rate::Taken;
use super::receiver::Receiver;
use super::{Delivery, Fate, PublishError, PublishErrorKind, Shared};
use crate::router::{Buffer, RouteId, Router, SharedRouter};

thread_local! {
    /// What routing needs; taken out while it is used, as predicates may publish.
    static BUFFER: Cell<Option<Buffer>> = const { Cell::new(None) };
}

/// One queue that gets something of what is published.
struct Target {
    route: RouteId,
    receiver: Arc<Receiver>,
    lane: usize,
    /// How many were found before it.
    found: usize,
    /// How many of the signals it gets.
    count: usize,
    /// Who is woken, as there is something to take.
    waiting: Option<Waker>,
}

/// Those who get something. Nothing is held of their queues and rates between asking and giving but the
/// lock of the log; whoever has to wait lets go of all of them, and begins anew.
#[derive(Default)]
struct Targets {
    /// In the order in which they are told.
    all: Vec<Target>,
    /// Each signal with each target that gets it: first signal by signal, then in the order of routes.
    gifts: Vec<(usize, usize)>,
    /// What came out of full queues.
    out: Vec<Delivery>,
}

/// A queue that has no room for so many, but will have.
type Full = (Arc<Mailbox>, usize);

/// What was taken of the rates of sources that wait; it is given back if nothing is published.
struct Reserved<'a> {
    bus: &'a Shared,
    taken: Vec<Taken<'static>>,
}

/// Publishes all of the signals, or none.
pub(super) async fn all(
    bus: &Shared,
    envelopes: Vec<Envelope>,
) -> Result<Vec<Delivery>, PublishError> {
    let published = published(bus, envelopes).await;
    match published.as_ref().map_err(PublishError::kind) {
        Ok(deliveries) if bus.can_leave_out() => count(bus, deliveries),
        Err(PublishErrorKind::Full) => bus.counts.full.add(1),
        Err(PublishErrorKind::Limited) => bus.counts.limited.add(1),
        Err(PublishErrorKind::Halted | PublishErrorKind::Middleware) => bus.counts.halted.add(1),
        _ => (),
    }
    let deliveries = published?;
    if bus.chain.is_empty() {
        return Ok(deliveries);
    }
    let told = deliveries.into_iter();
    Ok(told.map(|one| bus.chain.after_publish(one)).collect())
}

async fn published(bus: &Shared, envelopes: Vec<Envelope>) -> Result<Vec<Delivery>, PublishError> {
    if bus.is_closed() {
        return Err(PublishError::closed());
    }
    let mut deliveries = before(bus, envelopes)?;
    let again = bus.find_duplicates(&mut deliveries);
    let reserved = Reserved::of(bus, &deliveries).await;
    // Anew each time: others may have subscribed while there was no room.
    while let Some((mailbox, count)) = offer(bus, &mut deliveries, &again)? {
        mailbox.until_room(count).await;
    }
    // What is dropped otherwise gives back what it took.
    if deliveries.iter().any(|one| one.fate() == Fate::Given) {
        reserved.keep();
    }
    Ok(deliveries)
}

/// Gives everybody what they get, or says whose room to wait for.
fn offer(
    bus: &Shared,
    deliveries: &mut [Delivery],
    again: &[(usize, usize)],
) -> Result<Option<Full>, PublishError> {
    Targets::of(bus, deliveries).give(bus, deliveries, again)
}

/// What the middlewares make of what is to be published.
fn before(bus: &Shared, envelopes: Vec<Envelope>) -> Result<Vec<Delivery>, PublishError> {
    let deliveries = envelopes.into_iter().map(Delivery::new);
    if bus.chain.is_empty() {
        return Ok(deliveries.collect());
    }
    let passed = (0..).zip(deliveries).map(|(index, mut delivery)| {
        match bus.chain.before_publish(delivery.clone()) {
            Went::On(delivery) => Ok(delivery),
            Went::Skipped => {
                delivery.settle(Fate::Skipped, 0);
                Ok(delivery)
            }
            Went::Halted(refusal) => Err(PublishError::refused(index, refusal)),
        }
    });
    passed.collect()
}

fn count(bus: &Shared, deliveries: &[Delivery]) {
    let of = |fate| deliveries.iter().filter(|one| one.fate() == fate).count() as u64;
    bus.counts.duplicates.add(of(Fate::Duplicate));
    bus.counts.skipped.add(of(Fate::Skipped));
}

/// How many signals are given of each source.
fn by_source(deliveries: &[Delivery]) -> Vec<(&str, u32)> {
    let mut counts: Vec<(&str, u32)> = Vec::new();
    let mut places = HashMap::new();
    for given in deliveries.iter().filter(|one| one.fate() == Fate::Given) {
        let place = *places.entry(given.source()).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((given.source(), 1)),
        }
    }
    counts
}

impl<'a> Reserved<'a> {
    /// Takes of each source's rate what is published of it, where the rate waits, and waits.
    async fn of(bus: &'a Shared, deliveries: &[Delivery]) -> Self {
        let taken = Vec::new();
        let mut reserved = Self { bus, taken };
        if let Some(wait) = reserved.take(deliveries) {
            bus.counts.delayed.add(1);
            // What is published is asked after that whether it still can be.
            drop(tokio::time::timeout(wait, bus.until_closed()).await);
        }
        reserved
    }

    fn take(&mut self, deliveries: &[Delivery]) -> Option<Duration> {
        let mut sources = super::locked(self.bus.sources.as_ref()?);
        if !sources.rate.is_waiting() {
            return None;
        }
        let (counts, now) = (by_source(deliveries), Instant::now());
        let mut longest = Duration::ZERO;
        for (source, count) in counts {
            longest = longest.max(sources.wait(source, count, now));
            let taken = sources.take(source, count, now);
            self.taken.push(taken.into_owned());
        }
        Some(longest).filter(|wait| !wait.is_zero())
    }

    /// Something was published.
    fn keep(mut self) {
        self.taken.clear();
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let (Some(sources), false) = (&self.bus.sources, self.taken.is_empty()) {
            let (mut sources, now) = (super::locked(sources), Instant::now());
            sources.give_back(&self.taken, now);
        }
    }
}

impl Target {
    fn mailbox(&self) -> &Arc<Mailbox> {
        &self.receiver.lanes[self.lane]
    }
}

impl Targets {
    /// Those who are meant, all by the same routes.
    fn of(bus: &Shared, deliveries: &[Delivery]) -> Self {
        let mut targets = Self::default();
        // Which target a lane of a route is, where it can have come before.
        let mut known: HashMap<(RouteId, usize), usize> = HashMap::new();
        let mut buffer = BUFFER.take().unwrap_or_default();
        let router = bus.routes.guard();
        let numbered = deliveries.iter().enumerate();
        for (number, delivery) in numbered.filter(|(_, one)| one.fate() == Fate::Given) {
            SharedRouter::each_of(&router, delivery.envelope(), &mut buffer, |route| {
                let lane = route.handler().lane(delivery);
                let found = targets.all.len();
                let place = if deliveries.len() > 1 {
                    *known.entry((route.id(), lane)).or_insert(found)
                } else {
                    found
                };
                targets.gifts.push((number, place));
                if place == found {
                    targets.all.push(Target {
                        route: route.id(),
                        receiver: Arc::clone(route.handler()),
                        lane,
                        found,
                        count: 0,
                        waiting: None,
                    });
                }
            });
        }
        BUFFER.set(Some(buffer));
        if deliveries.len() > 1 {
            targets.sort(&router);
        }
        targets
    }

    /// Puts them in the order of their routes: those of a batch were found in that of its signals.
    fn sort(&mut self, router: &Router<Arc<Receiver>, Envelope>) {
        let order = |one: &Target, other: &Target| router.order(one.route, other.route);
        self.all.sort_by(order);
        let mut places = vec![0; self.all.len()];
        for (place, target) in self.all.iter().enumerate() {
            places[target.found] = place;
        }
        for (_, target) in &mut self.gifts {
            *target = places[*target];
        }
    }

    /// Gives everybody what they get, in one order for all; or nobody anything, where there is no room
    /// yet. All is asked and given under the lock of the log, so what was answered stays true.
    fn give(
        &mut self,
        bus: &Shared,
        deliveries: &mut [Delivery],
        again: &[(usize, usize)],
    ) -> Result<Option<Full>, PublishError> {
        let mut log = super::locked(&bus.log);
        if bus.is_closed() {
            return Err(PublishError::closed());
        }
        // Somebody else may have published it meanwhile.
        log.find(deliveries);
        for (number, target) in &self.gifts {
            self.all[*target].count += usize::from(deliveries[*number].fate() == Fate::Given);
        }
        let full = admit(bus, deliveries, || self.look())?;
        if full.is_some() {
            return Ok(full);
        }
        log.number(deliveries, again);
        self.push(deliveries);
        drop(log);
        for target in &mut self.all {
            if let Some(waiting) = target.waiting.take() {
                waiting.wake();
            }
        }
        Ok(None)
    }

    /// Asks all for their rates, and then for room: who has none yet, where nobody refuses.
    fn look(&self) -> Result<Option<Full>, PublishError> {
        // The lanes of a receiver share its rate, and lie beside one another.
        for lanes in self.all.chunk_by(|one, other| one.route == other.route) {
            let (receiver, count) = (&lanes[0].receiver, sum(lanes));
            let wait = receiver.wait(count);
            if !wait.is_zero() {
                let name = receiver.subscriber.name();
                return Err(PublishError::limited(
                    format!("the subscription `{name}`"),
                    wait,
                ));
            }
        }
        let mut full = None;
        for target in &self.all {
            match target.mailbox().room(target.count) {
                Room::Now => (),
                Room::Later => full = Some((Arc::clone(target.mailbox()), target.count)),
                Room::Never => {
                    let pattern = target.receiver.subscriber.pattern().clone();
                    return Err(PublishError::full(pattern));
                }
            }
        }
        Ok(full)
    }

    fn push(&mut self, deliveries: &[Delivery]) {
        for lanes in self.all.chunk_by(|one, other| one.route == other.route) {
            lanes[0].receiver.admit(sum(lanes));
        }
        for (number, target) in &self.gifts {
            let (delivery, target) = (&deliveries[*number], &mut self.all[*target]);
            if delivery.fate() == Fate::Given {
                let (out, waiting) = target.mailbox().push(delivery.clone());
                self.out.extend(out);
                target.waiting = waiting.or_else(|| target.waiting.take());
            }
        }
    }
}

fn sum(lanes: &[Target]) -> usize {
    lanes.iter().map(|lane| lane.count).sum()
}

/// Takes of each source's rate that refuses what is published of it, if there is so much and all others
/// have room.
fn admit(
    bus: &Shared,
    deliveries: &[Delivery],
    others: impl FnOnce() -> Result<Option<Full>, PublishError>,
) -> Result<Option<Full>, PublishError> {
    let sources = bus.sources.as_ref().map(super::locked);
    let Some(mut sources) = sources.filter(|sources| !sources.rate.is_waiting()) else {
        return others();
    };
    let (mut taken, now) = (Vec::new(), Instant::now());
    for (source, count) in by_source(deliveries) {
        let wait = sources.wait(source, count, now);
        if !wait.is_zero() {
            sources.give_back(&taken, now);
            let whose = format!("the source `{source}`");
            return Err(PublishError::limited(whose, wait));
        }
        taken.push(sources.take(source, count, now));
    }
    let full = others();
    if !matches!(full, Ok(None)) {
        sources.give_back(&taken, now);
    }
    full
}
