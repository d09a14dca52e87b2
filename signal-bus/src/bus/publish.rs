//! How signals are published: room is promised for all of them first, and then nothing can fail.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::time::Instant;

use super::mailbox::Mailbox;
use super::middleware::Went;
use super::queue::Promise;
use super::receiver::Receiver;
use super::{Delivery, Fate, PublishError, PublishErrorKind, Shared};
use crate::router::{Buffer, Match, RouteId};

thread_local! {
    /// What routing needs; taken out while it is used, as predicates may publish.
    static BUFFER: Cell<Option<Buffer>> = const { Cell::new(None) };
}

/// One queue that gets something of what is published.
struct Target {
    route: RouteId,
    receiver: Arc<Receiver>,
    lane: usize,
    /// Which of the signals it gets.
    signals: Vec<usize>,
    promised: usize,
    /// How much of the receiver's rate was taken.
    admitted: usize,
}

/// Those who get something; what they have promised is given back if they are not given anything.
struct Targets(Vec<Target>);

/// What was taken of the rates of sources; it is given back if nothing is published.
struct Admitted<'a> {
    bus: &'a Shared,
    taken: Vec<(String, u32)>,
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
    bus.find_duplicates(&mut deliveries);
    let admitted = Admitted::of(bus, &deliveries).await?;
    let mut targets = Targets::of(bus, &deliveries);
    targets.promise().await?;
    targets.give(bus, &mut deliveries)?;
    admitted.keep();
    Ok(deliveries)
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

impl<'a> Admitted<'a> {
    /// Takes of each source's rate what is published of it; waits where the rate says so.
    async fn of(bus: &'a Shared, deliveries: &[Delivery]) -> Result<Self, PublishError> {
        let taken = Vec::new();
        let mut admitted = Self { bus, taken };
        let wait = admitted.take(deliveries)?;
        if !wait.is_zero() {
            bus.counts.delayed.add(1);
            tokio::time::sleep(wait).await;
        }
        Ok(admitted)
    }

    fn take(&mut self, deliveries: &[Delivery]) -> Result<Duration, PublishError> {
        let Some(sources) = &self.bus.sources else {
            return Ok(Duration::ZERO);
        };
        let mut counts: Vec<(&str, u32)> = Vec::new();
        for given in deliveries.iter().filter(|one| one.fate() == Fate::Given) {
            match counts
                .iter_mut()
                .find(|(source, _)| *source == given.source())
            {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((given.source(), 1)),
            }
        }
        let (now, mut longest) = (Instant::now(), Duration::ZERO);
        for (source, count) in counts {
            let mut sources = super::locked(sources);
            let rate = sources.rate;
            let bucket = sources.of(source, now);
            let wait = bucket.wait(&rate, count, now);
            if !wait.is_zero() && !rate.is_waiting() {
                return Err(PublishError::limited(
                    format!("the source `{source}`"),
                    wait,
                ));
            }
            bucket.take(&rate, count, now);
            self.taken.push((source.to_owned(), count));
            longest = longest.max(wait);
        }
        Ok(longest)
    }

    /// Something was published.
    fn keep(mut self) {
        self.taken.clear();
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if let (Some(sources), false) = (&self.bus.sources, self.taken.is_empty()) {
            let (mut sources, now) = (super::locked(sources), Instant::now());
            let rate = sources.rate;
            for (source, count) in &self.taken {
                sources.of(source, now).give_back(&rate, *count);
            }
        }
    }
}

impl Target {
    fn of(found: &Match<'_, Arc<Receiver>, Envelope>, lane: usize, number: usize) -> Self {
        Self {
            route: found.id(),
            receiver: Arc::clone(found.handler()),
            lane,
            signals: vec![number],
            promised: 0,
            admitted: 0,
        }
    }

    fn mailbox(&self) -> &Mailbox {
        &self.receiver.lanes[self.lane]
    }
}

impl Targets {
    fn of(bus: &Shared, deliveries: &[Delivery]) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        // Which target a lane of a route is, where it can have come before.
        let mut known: HashMap<(RouteId, usize), usize> = HashMap::new();
        let mut buffer = BUFFER.take().unwrap_or_default();
        let numbered = deliveries.iter().enumerate();
        for (number, delivery) in numbered.filter(|(_, one)| one.fate() == Fate::Given) {
            bus.routes.each(delivery.envelope(), &mut buffer, |found| {
                let lane = found.handler().lane(delivery);
                let at = known.get(&(found.id(), lane));
                if let Some(target) = at.and_then(|at| targets.get_mut(*at)) {
                    target.signals.push(number);
                    return;
                }
                if deliveries.len() > 1 {
                    known.insert((found.id(), lane), targets.len());
                }
                targets.push(Target::of(&found, lane, number));
            });
        }
        BUFFER.set(Some(buffer));
        Self(targets)
    }

    /// Has all of them promise room: first those that answer at once, then those that may be waited
    /// for, always in the same order, so that no two who publish wait for one another.
    async fn promise(&mut self) -> Result<(), PublishError> {
        for target in &mut self.0 {
            let count = target.signals.len();
            target.receiver.admit(count).map_err(|wait| {
                let name = target.receiver.subscriber.name();
                PublishError::limited(format!("the subscription `{name}`"), wait)
            })?;
            target.admitted = count;
        }
        let mut order: Vec<_> = self.0.iter_mut().collect();
        order.sort_unstable_by_key(|to| (to.mailbox().may_wait(), to.route, to.lane));
        for target in order {
            let count = target.signals.len();
            match target.mailbox().promise(count).await {
                Promise::Given => target.promised = count,
                Promise::Refused => {
                    let pattern = target.receiver.subscriber.pattern().clone();
                    return Err(PublishError::full(pattern));
                }
                Promise::Unneeded | Promise::Later => (),
            }
        }
        Ok(())
    }

    /// Gives everybody what they get, in one order for all.
    fn give(&mut self, bus: &Shared, deliveries: &mut [Delivery]) -> Result<(), PublishError> {
        let mut log = super::locked(&bus.log);
        if bus.is_closed() {
            return Err(PublishError::closed());
        }
        log.number(deliveries);
        for target in &mut self.0 {
            for number in &target.signals {
                let delivery = &deliveries[*number];
                // Somebody else may have published it meanwhile.
                if delivery.fate() == Fate::Given {
                    let promised = target.promised > 0;
                    target.promised -= usize::from(promised);
                    target.admitted -= 1;
                    target.mailbox().push(delivery.clone(), promised);
                }
            }
        }
        Ok(())
    }
}

impl Drop for Targets {
    fn drop(&mut self) {
        for target in &self.0 {
            if target.promised > 0 {
                target.mailbox().release(target.promised);
            }
            if target.admitted > 0 {
                target.receiver.dismiss(target.admitted);
            }
        }
    }
}
