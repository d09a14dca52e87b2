//! A bounded channel to whoever receives in this process.

use enact_signal_core::Envelope;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::ready;
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// A bounded channel to whoever receives in this process.
///
/// A full one does not wait: the delivery fails and can be retried, so that a slow receiver shows.
///
/// ```
/// use enact_signal_bus::dispatch::{Kind, Target, local::Channel};
/// use enact_signal_core::Envelope;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let (channel, mut arrived) = Channel::bounded("shipping", 1);
/// let paid = Envelope::builder("order.paid", "/payments").build()?;
/// channel.deliver(&paid).await?;
/// assert_eq!(channel.deliver(&paid).await.unwrap_err().kind(), Kind::Full);
/// assert_eq!(arrived.recv().await, Some(paid));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Channel {
    name: String,
    sender: Sender<Envelope>,
}

impl Channel {
    /// A channel that holds so many signals at most, one at least, and its receiver.
    pub fn bounded(name: impl Into<String>, most: usize) -> (Self, Receiver<Envelope>) {
        let (sender, receiver) = channel(most.max(1));
        (Self::to(name, sender), receiver)
    }

    /// One to a receiver that is there already.
    pub fn to(name: impl Into<String>, sender: Sender<Envelope>) -> Self {
        let name = name.into();
        Self { name, sender }
    }

    fn gone(&self) -> DispatchError {
        let what = "its receiver is gone; take the target out, or make a new channel";
        DispatchError::new(Kind::Gone, &self.name, what)
    }
}

impl Target for Channel {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(if self.sender.is_closed() {
            Err(self.gone())
        } else {
            Ok(())
        })
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        ready(match self.sender.try_send(signal.clone()) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(self.gone()),
            Err(TrySendError::Full(_)) => {
                let what = format!(
                    "its channel holds {} signals already; retry, or receive faster",
                    self.sender.max_capacity()
                );
                Err(DispatchError::new(Kind::Full, &self.name, what))
            }
        })
    }
}
