//! Another bus as a target.

use std::error::Error;

use enact_signal_core::Envelope;

use super::ready;
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// What signals can be published to: a bus, or a function that publishes to one.
///
/// ```
/// use enact_signal_bus::dispatch::local::{Forward, Publish};
/// use enact_signal_core::Envelope;
///
/// fn onwards(publish: impl Publish) -> Forward<impl Publish> {
///     Forward::new("warehouse", publish)
/// }
///
/// let warehouse = onwards(|signal: Envelope| async move {
///     println!("{signal:?} goes on");
///     Ok::<_, std::io::Error>(())
/// });
/// # let _ = warehouse;
/// ```
pub trait Publish: Send + Sync {
    /// Publishes one signal there.
    fn publish(&self, signal: Envelope) -> Pending<'_, Result<(), Box<dyn Error + Send + Sync>>>;
}

impl<F, R, E> Publish for F
where
    F: Fn(Envelope) -> R + Send + Sync,
    R: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    fn publish(&self, signal: Envelope) -> Pending<'_, Result<(), Box<dyn Error + Send + Sync>>> {
        let published = self(signal);
        Box::pin(async move { published.await.map_err(Into::into) })
    }
}

/// Another bus as a target: signals go on as they are, under their own ids.
///
/// Two buses that forward to each other never stop; the other one's deduplication by source and id ends
/// it, or patterns that do not overlap.
#[derive(Clone, Debug)]
pub struct Forward<P> {
    name: String,
    bus: P,
}

impl<P: Publish> Forward<P> {
    /// Whatever is delivered here is published there.
    pub fn new(name: impl Into<String>, bus: P) -> Self {
        let name = name.into();
        Self { name, bus }
    }
}

impl<P: Publish> Target for Forward<P> {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async move {
            let published = self.bus.publish(signal.clone()).await;
            published.map_err(|error| {
                let what = "the bus there did not take it; its own error says why";
                DispatchError::new(Kind::Failed, &self.name, what).because(error)
            })
        })
    }
}
