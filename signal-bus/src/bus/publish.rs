//! How signals are published: room is promised for all of them first, and then nothing can fail.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use enact_signal_core::{Envelope, Pattern};

use super::mailbox::Mailbox;
use super::queue::Promise;
use super::{Delivery, PublishError, Shared};
use crate::router::{Buffer, Match, RouteId};

thread_local! {
    /// What routing needs; taken out while it is used, as predicates may publish.
    static BUFFER: Cell<Option<Buffer>> = const { Cell::new(None) };
}

/// One subscriber of what is published.
struct Target {
    route: RouteId,
    mailbox: Arc<Mailbox>,
    pattern: Pattern,
    /// Which of the signals it gets.
    signals: Vec<usize>,
    promised: usize,
}

/// Those who get something; what they have promised is given back if they are not given anything.
struct Targets(Vec<Target>);

/// Publishes all of the signals, or none.
pub(super) async fn all(
    bus: &Shared,
    envelopes: Vec<Envelope>,
) -> Result<Vec<Delivery>, PublishError> {
    if bus.is_closed() {
        return Err(PublishError::closed());
    }
    let mut targets = Targets::of(bus, &envelopes);
    targets.promise().await?;
    targets.give(bus, envelopes)
}

impl Target {
    fn of(found: &Match<'_, Arc<Mailbox>, Envelope>, number: usize) -> Self {
        Self {
            route: found.id(),
            mailbox: Arc::clone(found.handler()),
            pattern: found.route().pattern().clone(),
            signals: vec![number],
            promised: 0,
        }
    }
}

impl Targets {
    fn of(bus: &Shared, envelopes: &[Envelope]) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        // Which target a route is, where it can have come before.
        let mut known: HashMap<RouteId, usize> = HashMap::new();
        let mut buffer = BUFFER.take().unwrap_or_default();
        for (number, envelope) in envelopes.iter().enumerate() {
            bus.routes.each(envelope, &mut buffer, |found| {
                let target = known.get(&found.id()).and_then(|at| targets.get_mut(*at));
                if let Some(target) = target {
                    target.signals.push(number);
                    return;
                }
                if envelopes.len() > 1 {
                    known.insert(found.id(), targets.len());
                }
                targets.push(Target::of(&found, number));
            });
        }
        BUFFER.set(Some(buffer));
        Self(targets)
    }

    /// Has all of them promise room: first those that answer at once, then those that may be waited
    /// for, always in the same order, so that no two who publish wait for one another.
    async fn promise(&mut self) -> Result<(), PublishError> {
        let mut order: Vec<_> = self.0.iter_mut().collect();
        order.sort_unstable_by_key(|target| (target.mailbox.may_wait(), target.route));
        for target in order {
            let count = target.signals.len();
            match target.mailbox.promise(count).await {
                Promise::Given => target.promised = count,
                Promise::Refused => return Err(PublishError::full(target.pattern.clone())),
                Promise::Unneeded | Promise::Later => (),
            }
        }
        Ok(())
    }

    /// Gives everybody what they get, in one order for all.
    fn give(
        &mut self,
        bus: &Shared,
        envelopes: Vec<Envelope>,
    ) -> Result<Vec<Delivery>, PublishError> {
        let mut published = bus.published.lock().unwrap_or_else(PoisonError::into_inner);
        if bus.is_closed() {
            return Err(PublishError::closed());
        }
        let before = *published;
        let numbered = (before + 1..).zip(envelopes);
        let deliveries = numbered.map(|(sequence, envelope)| Delivery::new(envelope, sequence));
        let deliveries: Vec<_> = deliveries.collect();
        for target in &mut self.0 {
            for number in &target.signals {
                let delivery = &deliveries[*number];
                let promised = target.promised > 0;
                target.promised -= usize::from(promised);
                target
                    .mailbox
                    .push(delivery.envelope(), delivery.sequence(), promised);
            }
        }
        *published = deliveries.last().map_or(before, Delivery::sequence);
        Ok(deliveries)
    }
}

impl Drop for Targets {
    fn drop(&mut self) {
        for target in self.0.iter().filter(|target| target.promised > 0) {
            target.mailbox.release(target.promised);
        }
    }
}
