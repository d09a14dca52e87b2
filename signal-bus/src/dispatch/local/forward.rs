//! Another bus as a target.

use std::fmt;

use enact_signal_core::{Envelope, Failure, Sink};

use super::ready;
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// Another bus as a target, or any [`Sink`]: signals go on as they are, under their own ids.
///
/// Two buses that forward to each other never stop; the other one's deduplication by source and id ends
/// it, or patterns that do not overlap.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::{Envelope, pattern};
/// use enact_signal_bus::Bus;
/// use enact_signal_bus::dispatch::{Target, local::Forward};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let warehouse = Bus::new();
/// let mut orders = warehouse.subscribe(pattern!("order.**")).open();
/// let there = Forward::new("warehouse", warehouse);
/// there.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
/// assert!(orders.next().await.is_some_and(|order| order.ty().as_str() == "order.paid"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Forward<S> {
    name: String,
    sink: S,
}

impl<S: Sink> Forward<S> {
    /// Whatever is delivered here goes there.
    pub fn new(name: impl Into<String>, sink: S) -> Self {
        let name = name.into();
        Self { name, sink }
    }

    /// What is not taken there, for a caller here: trying again helps where it says so.
    fn untaken(&self, failure: Failure) -> DispatchError {
        let (kind, wait) = (failure.is_retryable(), failure.wait());
        let kind = if kind { Kind::Failed } else { Kind::Refused };
        let what = "it was not taken there; the cause says why";
        let error = DispatchError::new(kind, &self.name, what).because(failure);
        match wait {
            Some(wait) => error.retry_after(wait),
            None => error,
        }
    }
}

impl<S: Sink> Target for Forward<S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async move {
            let accepted = self.sink.accept(signal.clone()).await;
            accepted.map_err(|failure| self.untaken(failure))
        })
    }
}

impl<S> fmt::Debug for Forward<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Forward");
        debug.field("name", &self.name).finish_non_exhaustive()
    }
}
