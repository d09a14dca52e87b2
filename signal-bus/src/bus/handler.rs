//! Handlers: subscribers that run in tasks of their own.

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::task::JoinSet;

use super::figures::SubscriptionFigures;
use super::middleware::{Outcome, words};
use super::subscription::Registration;
use super::{Delivery, Subscription};

/// What a handler may answer: nothing, or that it failed.
#[diagnostic::on_unimplemented(
    message = "a handler can't answer `{Self}`",
    label = "neither `()` nor a `Result<(), _>` whose error can be shown",
    note = "answer `()`, or `Result<(), E>` with an `E` that has `Display`"
)]
pub trait Answer {
    /// Why it failed, if it did.
    fn failure(self) -> Option<String>;
}

impl Answer for () {
    fn failure(self) -> Option<String> {
        None
    }
}

impl<E: fmt::Display> Answer for Result<(), E> {
    fn failure(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

/// A handler that is subscribed; dropped, it is no more, and what it was doing is dropped too.
#[must_use = "a handler is dropped with this; `detach` lets it go on as long as the bus"]
pub struct Handling {
    registration: Arc<Registration>,
    tasks: JoinSet<()>,
}

type Handler = dyn Fn(Delivery) -> Answering + Send + Sync;
type Answering = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

impl Handling {
    pub(super) fn start<H, F>(
        registration: Arc<Registration>,
        lanes: usize,
        handler: H,
        timeout: Option<Duration>,
    ) -> Self
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output: Answer> + Send + 'static,
    {
        let handler: Arc<Handler> = Arc::new(move |delivery| {
            let answer = handler(delivery);
            Box::pin(async move { answer.await.failure() })
        });
        let mut tasks = JoinSet::new();
        for lane in 0..lanes {
            let subscription = Subscription::new(&registration, lane);
            tasks.spawn(drive(subscription, Arc::clone(&handler), timeout));
        }
        Self {
            registration,
            tasks,
        }
    }

    /// What was counted since it was subscribed, in all of its lanes.
    pub fn figures(&self) -> SubscriptionFigures {
        self.registration.receiver.figures()
    }

    /// How many signals wait, besides those that are being handled.
    pub fn waiting(&self) -> usize {
        let lanes = self.registration.receiver.lanes.iter();
        lanes.map(|lane| lane.len()).sum()
    }

    /// Takes nothing more in, and waits until all that waits is handled.
    pub async fn finish(mut self) -> SubscriptionFigures {
        self.registration.receiver.close();
        while self.tasks.join_next().await.is_some() {}
        self.figures()
    }

    /// Lets it go on until the bus is closed and all that waits is handled.
    pub fn detach(mut self) {
        self.tasks.detach_all();
    }
}

/// Handles one signal after the other.
async fn drive(mut subscription: Subscription, handler: Arc<Handler>, timeout: Option<Duration>) {
    while let Some(delivery) = poll_fn(|task| subscription.poll_take(task)).await {
        let call = called(&*handler, delivery.clone());
        let outcome = match timeout {
            None => call.await,
            Some(timeout) => {
                let called = tokio::time::timeout(timeout, call).await;
                called.unwrap_or(Outcome::TimedOut)
            }
        };
        subscription.receiver().dispatched(delivery, &outcome);
        // A handler that never waits shall not keep others of its thread from running.
        tokio::task::consume_budget().await;
    }
}

/// What a handler makes of a signal, panics among it.
async fn called(handler: &Handler, delivery: Delivery) -> Outcome {
    // Unwind safety: what panicked is dropped, and nothing of the bus was held.
    let answering = catch_unwind(AssertUnwindSafe(|| handler(delivery)));
    let mut answering = match answering {
        Ok(answering) => answering,
        Err(panic) => return Outcome::Panicked(words(&*panic)),
    };
    poll_fn(|task| {
        let polled = catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(task)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(None)) => Poll::Ready(Outcome::Handled),
            Ok(Poll::Ready(Some(why))) => Poll::Ready(Outcome::Failed(why)),
            Err(panic) => Poll::Ready(Outcome::Panicked(words(&*panic))),
        }
    })
    .await
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling")
            .field("subscriber", &self.registration.receiver.subscriber)
            .field("waiting", &self.waiting())
            .field("figures", &self.figures())
            .finish_non_exhaustive()
    }
}
