//! Who gets signals: subscriptions, and what they get.

use std::fmt;
use std::future::poll_fn;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use enact_signal_core::{Envelope, Pattern};
use futures_core::Stream;

use super::Shared;
use super::mailbox::Mailbox;
use super::queue::Overflow;
use crate::router::{Priority, RouteId};

/// A signal as a subscriber gets it: its envelope, and its place in what the bus has seen.
#[derive(Clone, Debug)]
pub struct Delivery {
    envelope: Envelope,
    sequence: u64,
}

impl Delivery {
    pub(super) const fn new(envelope: Envelope, sequence: u64) -> Self {
        Self { envelope, sequence }
    }

    /// The envelope.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// How many signals had been published when this one was, itself included.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }
}

impl Deref for Delivery {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        &self.envelope
    }
}

/// A subscription that is being made.
#[must_use = "nothing is subscribed to before `open`"]
pub struct Subscribe<'a> {
    bus: &'a Arc<Shared>,
    pattern: Pattern,
    priority: Priority,
    capacity: usize,
    overflow: Overflow,
}

impl<'a> Subscribe<'a> {
    pub(super) fn new(bus: &'a Arc<Shared>, pattern: Pattern) -> Self {
        Self {
            bus,
            pattern,
            priority: Priority::default(),
            capacity: 1024,
            overflow: Overflow::default(),
        }
    }

    /// Before which others the subscriber gets a signal.
    pub fn at(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }

    /// How many signals can wait for the subscriber, 1,024 by default, and what happens where more
    /// come; one at least.
    pub fn queue(self, capacity: usize, overflow: Overflow) -> Self {
        let capacity = capacity.max(1);
        Self {
            capacity,
            overflow,
            ..self
        }
    }

    /// Subscribes: what is published from now on is got.
    pub fn open(self) -> Subscription {
        let mailbox = Arc::new(Mailbox::new(self.capacity, self.overflow));
        let (pattern, priority) = (self.pattern, self.priority);
        let handler = Arc::clone(&mailbox);
        let route = self
            .bus
            .routes
            .edit(|router| router.on(pattern, priority, handler).id());
        if self.bus.is_closed() {
            mailbox.close();
        }
        Subscription {
            mailbox,
            route,
            bus: Arc::downgrade(self.bus),
        }
    }
}

impl fmt::Debug for Subscribe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe")
            .field("pattern", &self.pattern)
            .field("priority", &self.priority)
            .field("capacity", &self.capacity)
            .field("overflow", &self.overflow)
            .finish_non_exhaustive()
    }
}

/// What a subscriber gets: a stream of signals, in the order in which they were published.
///
/// It ends when the bus is closed and what waited was taken. Dropping it ends the subscription.
pub struct Subscription {
    mailbox: Arc<Mailbox>,
    route: RouteId,
    bus: Weak<Shared>,
}

impl Subscription {
    /// The next signal; none when the bus is closed and what waited was taken.
    ///
    /// Nothing is lost where the future is dropped.
    pub async fn next(&mut self) -> Option<Delivery> {
        poll_fn(|task| self.mailbox.poll(task)).await
    }

    /// How many signals wait.
    pub fn waiting(&self) -> usize {
        self.mailbox.len()
    }

    /// How many signals there was no room for.
    pub fn lost(&self) -> u64 {
        self.mailbox.lost()
    }
}

impl Stream for Subscription {
    type Item = Delivery;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Delivery>> {
        self.mailbox.poll(task)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.mailbox.close();
        if let Some(bus) = self.bus.upgrade() {
            bus.routes.edit(|router| router.remove(self.route));
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("route", &self.route)
            .field("waiting", &self.waiting())
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}
