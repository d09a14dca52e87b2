//! A handler or a sink for each signal of a subscription.

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::{Failure, Sink};
use tokio::task::JoinSet;

use super::delivery::Delivery;
use super::policy::Again;
use super::subscribe::PersistentSubscription;
use crate::bus::Outcome;
use crate::bus::middleware::words;
use crate::log::{LogError, LogErrorKind, Recorded, millis, told};

impl PersistentSubscription {
    /// Calls a handler with each signal, `most` at once; goes on until the log fails or the future is
    /// dropped, which drops what is under way.
    ///
    /// Where the handler answers, the signal is acknowledged; where it fails, panics or takes longer than
    /// the deadline, it is given out again or is a dead letter, with the error and its causes for a reason. Needs
    /// a runtime of tokio.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::log::Log;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let log = Log::memory();
    /// let orders = log.subscribe("billing", pattern!("order.**")).open().await?;
    /// log.publish(Envelope::builder("order.created", "/shop").subject("1042")).await?;
    ///
    /// let (sender, mut bills) = tokio::sync::mpsc::channel(1);
    /// let bill = move |order: enact_signal_bus::log::Recorded| {
    ///     let sender = sender.clone();
    ///     async move { sender.send(order.subject().map(str::to_owned)).await }
    /// };
    /// tokio::select! {
    ///     failed = orders.each(8, bill) => failed?,
    ///     billed = bills.recv() => assert_eq!(billed.flatten().as_deref(), Some("1042")),
    /// }
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LogErrorKind::Store`].
    pub async fn each<F, E>(
        &self,
        most: usize,
        mut handler: impl FnMut(Recorded) -> F,
    ) -> Result<(), LogError>
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Error + Send + 'static,
    {
        self.hand_out(most, |signal| {
            let handled = handler(signal);
            async { handled.await.map_err(|error| Refused::of(&error)) }
        })
        .await
    }

    /// Hands each signal to a [`Sink`], `most` at once, as [`each`](Self::each) does to a handler.
    ///
    /// What the sink takes is acknowledged. Where another try may help, it is given out again, after the
    /// wait that the failure asks for, an hour at most, or else after the backoff; where none can, it is a dead letter at
    /// once. A target of [dispatch](crate::dispatch) is a sink with
    /// [`sink`](crate::dispatch::Layers::sink).
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, pattern};
    /// use enact_signal_bus::dispatch::{Layers, local::Channel};
    /// use enact_signal_bus::log::Log;
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let log = Log::memory();
    /// let orders = log.subscribe("billing", pattern!("order.**")).open().await?;
    /// log.publish(Envelope::builder("order.created", "/shop").subject("1042")).await?;
    ///
    /// let (channel, mut bills) = Channel::bounded("billing", 16);
    /// tokio::select! {
    ///     failed = orders.to(8, channel.sink()) => failed?,
    ///     billed = bills.recv() => assert!(billed.is_some_and(|it| it.subject() == Some("1042"))),
    /// }
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LogErrorKind::Store`].
    pub async fn to(&self, most: usize, sink: impl Sink) -> Result<(), LogError> {
        let sink = Arc::new(sink);
        self.hand_out(most, |signal| {
            let sink = Arc::clone(&sink);
            async move {
                let accepted = sink.accept(signal.envelope().clone()).await;
                accepted.map_err(Refused::from)
            }
        })
        .await
    }

    async fn hand_out<F>(
        &self,
        most: usize,
        mut handler: impl FnMut(Recorded) -> F,
    ) -> Result<(), LogError>
    where
        F: Future<Output = Result<(), Refused>> + Send + 'static,
    {
        let mut under_way = JoinSet::new();
        let deadline = self.deadline();
        loop {
            while under_way.len() >= most.max(1) {
                ended(under_way.join_next().await)?;
            }
            let delivery = tokio::select! {
                delivery = self.next() => delivery?,
                done = under_way.join_next(), if !under_way.is_empty() => {
                    ended(done)?;
                    continue;
                }
            };
            let signal = delivery.recorded().clone();
            // It may panic before there is a future.
            let handled = catch_unwind(AssertUnwindSafe(|| handler(signal)));
            under_way.spawn(deal(delivery, handled, deadline));
        }
    }
}

type Ended = Option<Result<Result<(), LogError>, tokio::task::JoinError>>;

/// What came of dealing with one signal; a panic was its own, and its delivery was let go.
fn ended(done: Ended) -> Result<(), LogError> {
    match done {
        Some(Ok(Err(error))) if error.kind() != LogErrorKind::Settled => Err(error),
        _ => Ok(()),
    }
}

/// How long a failure may ask to wait: often it is a far side that says so, and nobody here.
const LONGEST: Duration = Duration::from_hours(1);

/// Why a signal was not dealt with, and when to try again.
struct Refused {
    again: Again,
    reason: String,
}

impl Refused {
    fn of(error: &dyn Error) -> Self {
        let (again, reason) = (Again::Backoff, told(error));
        Self { again, reason }
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        let again = match failure.wait() {
            _ if !failure.is_retryable() => Again::Never,
            Some(wait) => Again::After(millis(wait.min(LONGEST))),
            None => Again::Backoff,
        };
        let reason = match failure.source() {
            // A failure that was made of an error says the same as that.
            Some(cause) if cause.to_string() == failure.message() => told(cause),
            Some(cause) => format!("{failure}: {}", told(cause)),
            None => failure.to_string(),
        };
        Self { again, reason }
    }
}

async fn deal(
    delivery: Delivery,
    handled: std::thread::Result<impl Future<Output = Result<(), Refused>> + Send + 'static>,
    deadline: Duration,
) -> Result<(), LogError> {
    let handled = match handled {
        Ok(handled) => handled,
        Err(panic) => return panicked(delivery, &*panic).await,
    };
    // A task of its own, so that a panic is told as what it is and ends with it.
    let mut task = JoinSet::new();
    task.spawn(handled);
    let done = tokio::time::timeout(deadline, task.join_next()).await;
    match done {
        Ok(Some(Ok(Ok(())))) => delivery.ack().await,
        Ok(Some(Ok(Err(Refused { again, reason })))) => delivery.refuse(again, reason).await,
        Ok(Some(Err(error))) if error.is_panic() => panicked(delivery, &*error.into_panic()).await,
        Ok(_) => delivery.nack("its handler was let go").await,
        Err(_) => {
            let reason = "its handler took longer than the deadline";
            let (again, outcome) = (Again::Backoff, Outcome::TimedOut);
            delivery.fail(again, reason, &outcome).await
        }
    }
}

fn panicked(
    delivery: Delivery,
    panic: &(dyn Any + Send),
) -> impl Future<Output = Result<(), LogError>> + use<> {
    let outcome = Outcome::Panicked(words(panic));
    let reason = "its handler panicked";
    async move { delivery.fail(Again::Backoff, reason, &outcome).await }
}
