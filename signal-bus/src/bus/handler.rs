//! Handlers: subscribers that run in tasks of their own.

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
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
type Answering = Pin<Box<Call>>;
type Call = dyn Future<Output = Option<String>> + Send;

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

/// Handles one signal after the other. A panic that is not its handler's ends the subscription, which
/// is told, as nobody knows whether it would ever go on.
async fn drive(subscription: Subscription, handler: Arc<Handler>, timeout: Option<Duration>) {
    let registration = Arc::clone(subscription.registration());
    let mut lane = pin!(lane(subscription, handler, timeout));
    let ended = poll_fn(|task| match caught(|| lane.as_mut().poll(task)) {
        Ok(polled) => polled.map(Ok),
        Err(words) => Poll::Ready(Err(words)),
    });
    if let Err(words) = ended.await {
        registration.receiver.broke(&words);
        registration.end();
    }
}

async fn lane(mut subscription: Subscription, handler: Arc<Handler>, timeout: Option<Duration>) {
    while let Some(delivery) = poll_fn(|task| subscription.poll_take(task)).await {
        let outcome = called(&*handler, delivery.clone(), timeout).await;
        subscription.receiver().dispatched(delivery, &outcome);
        // A handler that never waits shall not keep others of its thread from running.
        tokio::task::consume_budget().await;
    }
}

/// What a handler makes of a signal, panics among it: also of what it is made of when that is dropped,
/// and of a clock that is not there.
async fn called(handler: &Handler, delivery: Delivery, timeout: Option<Duration>) -> Outcome {
    let mut answering = match caught(|| handler(delivery)) {
        Ok(answering) => answering,
        Err(words) => return Outcome::Panicked(words),
    };
    let outcome = {
        let mut answered = pin!(answered(answering.as_mut(), timeout));
        let outcome = poll_fn(|task| match caught(|| answered.as_mut().poll(task)) {
            Ok(polled) => polled,
            Err(words) => Poll::Ready(Outcome::Panicked(words)),
        });
        outcome.await
    };
    match caught(move || drop(answering)) {
        Ok(()) => outcome,
        Err(words) => Outcome::Panicked(words),
    }
}

async fn answered(answering: Pin<&mut Call>, timeout: Option<Duration>) -> Outcome {
    let failure = match timeout {
        None => answering.await,
        Some(timeout) => match tokio::time::timeout(timeout, answering).await {
            Ok(failure) => failure,
            Err(_) => return Outcome::TimedOut,
        },
    };
    failure.map_or(Outcome::Handled, Outcome::Failed)
}

/// What comes of something of the user's, or what its panic said. Unwind safety: nothing of the bus is
/// held, and what panicked is only dropped.
fn caught<T>(something: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(something)).map_err(|panic| words(&*panic))
}

impl Drop for Handling {
    fn drop(&mut self) {
        // Its tasks end some time later; what is published from now on is none of its business.
        if !self.tasks.is_empty() {
            self.registration.end();
            for lane in &self.registration.receiver.lanes {
                lane.abandon();
            }
        }
    }
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
