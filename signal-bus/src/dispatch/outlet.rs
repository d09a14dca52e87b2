//! A target as a sink.

use std::fmt;

use enact_signal_core::{BoxFuture, Envelope, Failure, Sink};

use super::{DispatchError, Target};

/// A target as a [`Sink`]: what is accepted is delivered. [`Layers::sink`](super::Layers::sink) makes one.
///
/// So a bus, a persistent subscription or a workflow's `emit` hands signals to a target. The failure
/// has the code of the [`DispatchError`], is retryable where that is, and asks for the same wait.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::Bus;
/// use enact_signal_bus::dispatch::local::Channel;
/// use enact_signal_bus::dispatch::{Backoff, Layers};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let (channel, mut arrived) = Channel::bounded("shipping", 16);
/// let target = channel.retrying(Backoff::default());
///
/// let bus = Bus::new();
/// let shipping = bus.subscribe(pattern!("order.paid")).to(target.sink());
/// bus.publish(Envelope::builder("order.paid", "/shop").id("p-1")).await?;
/// assert_eq!(shipping.finish().await.handled, 1);
/// assert_eq!(arrived.recv().await.as_ref().map(Envelope::id), Some("p-1"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Outlet<T> {
    target: T,
}

impl<T: Target> Outlet<T> {
    pub(super) const fn new(target: T) -> Self {
        Self { target }
    }
}

impl<T: Target + 'static> Sink for Outlet<T> {
    /// Delivers the signal; answers once the target has taken it.
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let delivered = self.target.deliver(&envelope).await;
            delivered.map_err(failure)
        })
    }
}

fn failure(error: DispatchError) -> Failure {
    let (code, message) = (error.code(), error.to_string());
    let failure = if error.is_retryable() {
        Failure::retryable(code, message)
    } else {
        Failure::terminal(code, message)
    };
    let failure = match error.wait() {
        Some(wait) => failure.retry_after(wait),
        None => failure,
    };
    failure.because(error)
}

impl<T: Target> fmt::Debug for Outlet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Outlet");
        debug.field("target", &self.target.name()).finish()
    }
}
