//! A handler for each signal of a subscription.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;

use super::delivery::Delivery;
use super::subscribe::PersistentSubscription;
use crate::bus::Outcome;
use crate::bus::middleware::words;
use crate::log::{LogError, LogErrorKind, Recorded, told};

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
            let handled = handler(delivery.recorded().clone());
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

async fn deal<E: Error + Send + 'static>(
    delivery: Delivery,
    handled: impl Future<Output = Result<(), E>> + Send + 'static,
    deadline: Duration,
) -> Result<(), LogError> {
    // A task of its own, so that a panic is told as what it is and ends with it.
    let mut task = JoinSet::new();
    task.spawn(handled);
    let done = tokio::time::timeout(deadline, task.join_next()).await;
    match done {
        Ok(Some(Ok(Ok(())))) => delivery.ack().await,
        Ok(Some(Ok(Err(error)))) => delivery.nack(told(&error)).await,
        Ok(Some(Err(error))) if error.is_panic() => {
            let outcome = Outcome::Panicked(words(&*error.into_panic()));
            delivery.fail(None, "its handler panicked", &outcome).await
        }
        Ok(_) => delivery.nack("its handler was let go").await,
        Err(_) => {
            let reason = "its handler took longer than the deadline";
            delivery.fail(None, reason, &Outcome::TimedOut).await
        }
    }
}
