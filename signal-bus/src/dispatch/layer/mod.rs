//! What makes any target dependable: timeouts, retries, breakers, limits and batches, as layers around it.
//!
//! Layers are put on from the inside out, and read in that order. The usual one is
//!
//! ```
//! use std::time::Duration;
//!
//! use enact_signal_bus::dispatch::local::Nowhere;
//! use enact_signal_bus::dispatch::{Backoff, Gather, Layers, Target, Trip};
//!
//! let target = Nowhere
//!     .within(Duration::from_secs(10)) // each attempt
//!     .breaking(Trip::default())       // counts attempts, and timeouts as failures
//!     .retrying(Backoff::default())    // waits while the breaker is open
//!     .limited(8, 100)                 // deliveries with all their attempts
//!     .gathering(Gather::default());   // one delivery for many signals
//! # assert_eq!(target.name(), "nowhere");
//! ```
//!
//! Each decides in a part that is pure, told the time and the dice, and a thin shell around it waits.

mod backoff;
mod breaker;
mod gather;
mod limit;
mod retry;
#[cfg(test)]
mod tests;
mod timeout;
mod trip;

use std::time::Duration;

pub use self::backoff::Backoff;
pub use self::breaker::Breaker;
pub use self::gather::{Batch, Gather};
pub use self::limit::Limit;
pub use self::retry::Retry;
pub use self::timeout::Timeout;
pub use self::trip::Trip;
use super::outlet::Outlet;
use super::target::Target;

/// Puts layers around a target.
pub trait Layers: Target + Sized {
    /// One that gives each delivery so long, and no longer: each signal, or several that are under way together.
    fn within(self, timeout: Duration) -> Timeout<Self> {
        Timeout::new(self, timeout)
    }

    /// One that leaves a target alone for a while when it has failed too often.
    fn breaking(self, trip: Trip) -> Breaker<Self> {
        Breaker::new(self, trip)
    }

    /// One that tries again.
    fn retrying(self, backoff: Backoff) -> Retry<Self> {
        Retry::new(self, backoff)
    }

    /// One that has so many deliveries at once, and lets so many wait; what comes beyond is refused.
    fn limited(self, at_once: usize, waiting: usize) -> Limit<Self> {
        Limit::new(self, at_once, waiting)
    }

    /// One that delivers together what comes at nearly the same time.
    fn gathering(self, gather: Gather) -> Batch<Self> {
        Batch::new(self, gather)
    }

    /// The target with its layers as a [`Sink`](enact_signal_core::Sink), for whoever hands signals on.
    fn sink(self) -> Outlet<Self> {
        Outlet::new(self)
    }
}

impl<T: Target> Layers for T {}

/// A layer says `run` for several signals and what a check is; one signal is several of one.
macro_rules! layer {
    ($layer:ident, $check:expr) => {
        impl<T: $crate::dispatch::Target> $crate::dispatch::Target for $layer<T> {
            fn name(&self) -> &str {
                self.inner.name()
            }

            fn validate(&self) -> $crate::dispatch::Outcome {
                self.inner.validate()
            }

            fn check(&self) -> $crate::dispatch::Pending<'_, $crate::dispatch::Outcome> {
                let check: fn(&Self) -> $crate::dispatch::Pending<'_, _> = $check;
                check(self)
            }

            fn deliver<'a>(
                &'a self,
                signal: &'a enact_signal_core::Envelope,
            ) -> $crate::dispatch::Pending<'a, $crate::dispatch::Outcome> {
                let signals = std::slice::from_ref(signal);
                Box::pin(async { $crate::dispatch::target::alone(self.run(signals).await) })
            }

            fn deliver_all<'a>(
                &'a self,
                signals: &'a [enact_signal_core::Envelope],
            ) -> $crate::dispatch::Pending<'a, Vec<$crate::dispatch::Outcome>> {
                Box::pin(self.run(signals))
            }

            fn is_joint(&self) -> bool {
                self.inner.is_joint()
            }
        }
    };
}

use layer;

/// Several signals to a target; one goes as one.
async fn send<T: Target>(
    target: &T,
    signals: &[enact_signal_core::Envelope],
) -> Vec<super::Outcome> {
    match signals {
        [] => Vec::new(),
        [one] => vec![target.deliver(one).await],
        many => target.deliver_all(many).await,
    }
}
