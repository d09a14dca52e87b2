//! Where signals can go, for whoever sends them without knowing more.

use std::sync::Arc;

use enact_action_core::Failure;
use enact_action_core::action::BoxFuture;

use crate::envelope::Envelope;

/// Where signals can go: a bus, what starts workflows, what tells runs.
///
/// Whoever sends signals needs to know no more, so that what sends and what carries know nothing of
/// each other. A workflow's `emit` goes to the sink in its context, see [`sink`].
///
/// ```
/// use enact_signal_core::{BoxFuture, Envelope, Failure, Sink};
/// use std::sync::Mutex;
///
/// #[derive(Default)]
/// struct Kept(Mutex<Vec<Envelope>>);
///
/// impl Sink for Kept {
///     fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
///         Box::pin(async {
///             self.0.lock().map_err(|_| Failure::terminal("kept.lost", "it is lost"))?.push(envelope);
///             Ok(())
///         })
///     }
/// }
///
/// let kept = Kept::default();
/// let accepting = kept.accept(Envelope::builder("order.paid", "/shop").build()?);
/// # use std::task::{Context, Poll, Waker};
/// # let polled = std::pin::pin!(accepting).as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// # assert!(matches!(polled, Poll::Ready(Ok(()))) && kept.0.lock().is_ok_and(|all| all.len() == 1));
/// # Ok::<(), enact_signal_core::SignalError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "signals can't go to `{Self}`",
    label = "it is no sink",
    note = "a target of `dispatch` is one with `.sink()`, of the trait `dispatch::Layers`"
)]
pub trait Sink: Send + Sync + 'static {
    /// Takes a signal in. It may be given one again, whose answer was lost: its source and its id
    /// tell that it is the same.
    ///
    /// # Errors
    /// Where it could not be taken in; a retryable failure where another try may mend that.
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>>;
}

impl<S: Sink + ?Sized> Sink for Arc<S> {
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        (**self).accept(envelope)
    }
}

/// A sink as a context has it, whatever it is, under one type.
///
/// ```
/// # use enact_signal_core::{BoxFuture, Envelope, Failure, Sink};
/// # struct Bus;
/// # impl Sink for Bus {
/// #     fn accept(&self, _: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
/// #         Box::pin(async { Ok(()) })
/// #     }
/// # }
/// # let bus = Bus;
/// use enact_action_core::Context;
/// use enact_signal_core::sink;
/// use std::sync::Arc;
///
/// let cx = Context::builder().resource(sink(bus)).build();
/// assert!(cx.resource::<Arc<dyn Sink>>().is_ok());
/// ```
pub fn sink(sink: impl Sink) -> Arc<dyn Sink> {
    Arc::new(sink)
}
