//! Who gets signals: subscriptions as streams.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::time::Sleep;

use super::figures::SubscriptionFigures;
use super::mailbox::Mailbox;
use super::middleware::Outcome;
use super::receiver::Receiver;
use super::{Delivery, Shared};
use crate::router::RouteId;

/// What a subscriber gets: a stream of signals, in the order in which they were published.
///
/// It ends when the bus is closed and what waited was taken. Dropping it ends the subscription.
pub struct Subscription {
    mailbox: Arc<Mailbox>,
    registration: Arc<Registration>,
    /// Until when its rate has the next signal wait.
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether it had to wait for that.
    delayed: bool,
}

/// The route of a subscriber, which is there as long as this is.
pub(super) struct Registration {
    pub(super) receiver: Arc<Receiver>,
    pub(super) route: RouteId,
    pub(super) bus: Weak<Shared>,
    /// Whether the route was taken out.
    pub(super) ended: AtomicBool,
}

impl Registration {
    /// Takes nothing more in, and is no longer found; what waits can still be taken.
    pub(super) fn end(&self) {
        self.receiver.close();
        if self.ended.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Some(bus) = self.bus.upgrade() {
            bus.routes.edit(|router| router.remove(self.route));
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.end();
    }
}

impl Subscription {
    pub(super) fn new(registration: &Arc<Registration>, lane: usize) -> Self {
        Self {
            mailbox: Arc::clone(&registration.receiver.lanes[lane]),
            registration: Arc::clone(registration),
            sleep: None,
            delayed: false,
        }
    }

    /// The next signal; none when the bus is closed and what waited was taken.
    ///
    /// Nothing is lost where the future is dropped.
    pub async fn next(&mut self) -> Option<Delivery> {
        poll_fn(|task| self.poll(task)).await
    }

    /// How many signals wait.
    pub fn waiting(&self) -> usize {
        self.mailbox.len()
    }

    /// How many signals there was no room for.
    pub fn lost(&self) -> u64 {
        self.mailbox.lost()
    }

    /// What was counted since it was opened, in all of its lanes.
    pub fn figures(&self) -> SubscriptionFigures {
        self.receiver().figures()
    }

    pub(super) fn registration(&self) -> &Arc<Registration> {
        &self.registration
    }

    pub(super) fn receiver(&self) -> &Receiver {
        &self.registration.receiver
    }

    fn poll(&mut self, task: &mut Context<'_>) -> Poll<Option<Delivery>> {
        let delivery = ready!(self.poll_take(task));
        if let Some(delivery) = &delivery
            && !self.receiver().chain.is_empty()
        {
            let receiver = self.receiver();
            receiver.dispatched(delivery.clone(), &Outcome::Taken);
        }
        Poll::Ready(delivery)
    }

    /// The next signal, of which it is still to be told what became of it.
    pub(super) fn poll_take(&mut self, task: &mut Context<'_>) -> Poll<Option<Delivery>> {
        loop {
            // Where nothing is there, nothing waits for the rate, and it may end at any time.
            if self.receiver().is_paced() && ready!(self.mailbox.poll_some(task)) {
                ready!(self.poll_pace(task));
            }
            let Some(delivery) = ready!(self.mailbox.poll(task)) else {
                return Poll::Ready(None);
            };
            if std::mem::take(&mut self.delayed) {
                self.receiver().tally.delayed.add(1);
            }
            if let Some(delivery) = self.receiver().dispatch(delivery) {
                return Poll::Ready(Some(delivery));
            }
        }
    }

    /// Waits until the rate lets another signal pass.
    fn poll_pace(&mut self, task: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.as_mut().poll(task));
                self.sleep = None;
                self.delayed = true;
            }
            let wait = self.receiver().pace();
            if wait.is_zero() {
                return Poll::Ready(());
            }
            self.sleep = Some(Box::pin(tokio::time::sleep(wait)));
        }
    }
}

impl Stream for Subscription {
    type Item = Delivery;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Delivery>> {
        self.poll(task)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.mailbox.abandon();
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("route", &self.registration.route)
            .field("waiting", &self.waiting())
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}
