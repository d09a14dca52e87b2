//! What every place that signals can go to has in common.

use std::pin::Pin;
use std::sync::Arc;

use enact_signal_core::Envelope;

use super::error::DispatchError;

/// What came of one signal.
pub type Outcome = Result<(), DispatchError>;

/// A future that somebody waits for, boxed so that targets of all kinds can stand in one list.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One place that signals can go to.
///
/// An adapter says [`deliver`](Self::deliver); if it can send many at once, also
/// [`deliver_all`](Self::deliver_all). A future that is dropped leaves it open whether the signal
/// arrived, and nothing else.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use enact_signal_bus::dispatch::{Outcome, Pending, Target};
/// use enact_signal_core::Envelope;
///
/// /// Counts what comes.
/// #[derive(Debug, Default)]
/// struct Counter(AtomicU64);
///
/// impl Target for Counter {
///     fn name(&self) -> &str {
///         "counter"
///     }
///
///     fn check(&self) -> Pending<'_, Outcome> {
///         Box::pin(async { Ok(()) })
///     }
///
///     fn deliver<'a>(&'a self, _signal: &'a Envelope) -> Pending<'a, Outcome> {
///         self.0.fetch_add(1, Ordering::Relaxed);
///         Box::pin(async { Ok(()) })
///     }
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let counter = Counter::default();
/// counter.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
/// assert_eq!(counter.0.load(Ordering::Relaxed), 1);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "signals can't be dispatched to `{Self}`",
    label = "it is no target",
    note = "take an adapter of `dispatch`, or implement `Target` with `deliver`"
)]
pub trait Target: Send + Sync {
    /// What it is called in errors and logs. It holds no secret.
    fn name(&self) -> &str;

    /// Looks through the configuration, without asking anybody.
    ///
    /// # Errors
    /// [`Kind::Misconfigured`](super::Kind::Misconfigured), with everything that is wrong.
    fn validate(&self) -> Outcome {
        Ok(())
    }

    /// Tests the connection, without delivering anything.
    fn check(&self) -> Pending<'_, Outcome>;

    /// Delivers one signal; answers once the target has taken it.
    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome>;

    /// Delivers several, in their order; answers with as many outcomes, in the same order.
    ///
    /// Unless an adapter knows better, they go one by one, and each goes whatever became of the others. One that
    /// knows better says so with [`is_joint`](Self::is_joint).
    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(one_by_one(self, signals))
    }

    /// Whether several that are delivered together are under way together, so that one
    /// [`Timeout`](super::layer::Timeout) counts for all of them.
    ///
    /// Unless an adapter says so they go one by one, each with a time of its own.
    fn is_joint(&self) -> bool {
        false
    }
}

/// Delivers several, one after the other.
pub(super) async fn one_by_one<T: Target + ?Sized>(
    target: &T,
    signals: &[Envelope],
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(signals.len());
    for signal in signals {
        outcomes.push(target.deliver(signal).await);
    }
    outcomes
}

/// What a pointer leads to.
macro_rules! pointers {
    ($($pointer:ident),*) => {$(
        impl<T: Target + ?Sized> Target for $pointer<T> {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn validate(&self) -> Outcome {
                (**self).validate()
            }

            fn check(&self) -> Pending<'_, Outcome> {
                (**self).check()
            }

            fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
                (**self).deliver(signal)
            }

            fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
                (**self).deliver_all(signals)
            }

            fn is_joint(&self) -> bool {
                (**self).is_joint()
            }
        }
    )*};
}

pointers!(Arc, Box);

/// The outcome of the one signal that was delivered by itself.
pub(super) fn alone(outcomes: Vec<Outcome>) -> Outcome {
    outcomes.into_iter().next().unwrap_or(Ok(()))
}

/// The same outcome for each of several signals.
pub(super) fn shared(outcome: &Outcome, count: usize) -> Vec<Outcome> {
    vec![outcome.clone(); count]
}
