//! A function as a target, under a name.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use enact_signal_core::Envelope;

use super::ready;
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// A function as a target, under a name.
///
/// A panic in it is a failure of that one delivery, and of nothing else.
///
/// ```
/// use enact_signal_bus::dispatch::{Kind, Target, local::Handler};
/// use enact_signal_core::Envelope;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let ship = Handler::new("ship", |signal: Envelope| async move {
///     let subject = signal.subject().expect("orders have subjects");
///     println!("shipping {subject}");
///     Ok(())
/// });
/// ship.deliver(&Envelope::builder("order.paid", "/payments").subject("1042").build()?).await?;
///
/// let nameless = Envelope::builder("order.paid", "/payments").build()?;
/// assert_eq!(ship.deliver(&nameless).await.unwrap_err().kind(), Kind::Panicked);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Handler {
    name: String,
    call: Box<dyn Fn(Envelope) -> Pending<'static, Outcome> + Send + Sync>,
}

impl Handler {
    /// The function of that name. What it fails with is a [`DispatchError`], so that it says whether
    /// trying again can help.
    pub fn new<F, R>(name: impl Into<String>, call: F) -> Self
    where
        F: Fn(Envelope) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self {
            name: name.into(),
            call: Box::new(move |signal| Box::pin(call(signal))),
        }
    }

    async fn run(&self, signal: Envelope) -> Outcome {
        let call = AssertUnwindSafe(|| (self.call)(signal));
        let running = catch_unwind(call).map_err(|_| self.panicked())?;
        let mut running = pin!(running);
        std::future::poll_fn(move |context| {
            let poll = AssertUnwindSafe(|| running.as_mut().poll(context));
            catch_unwind(poll).unwrap_or_else(|_| Poll::Ready(Err(self.panicked())))
        })
        .await
    }

    fn panicked(&self) -> DispatchError {
        let what = "the handler panicked; mend it, then deliver the signal again";
        DispatchError::new(Kind::Panicked, &self.name, what)
    }
}

impl Target for Handler {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(self.run(signal.clone()))
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Handler");
        debug.field("name", &self.name).finish_non_exhaustive()
    }
}
