//! An engine as a sink of signals: those that start runs, and those that runs wait for.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::Arc;

use enact_action_core::Failure;
use enact_action_core::action::BoxFuture;
use enact_signal_core::{Envelope, Payload, Sink};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Engine, EngineError, Kind};
use crate::journal::EventId;
use crate::run::Workflow;

impl Engine {
    /// A sink that starts a run for each signal: subscribe with it, and a route starts a workflow.
    ///
    /// The run's id is the event's, behind its source: see [`run_id`]. So an event that comes again finds
    /// the run that there is, also where this program would make other params of it by now. Where one event is to start
    /// several runs, each route but one [gives its own ids](Starts::id). The run is of the event's trace, and what it emits names it as its cause.
    /// `make` makes the params of the signal.
    ///
    /// ```
    /// # extern crate enact_workflow as enact;
    /// # use enact_action_core::prelude::*;
    /// # use enact_workflow::workflow;
    /// # use enact_signal_core::{Compose, Seal, Signal, Sink};
    /// # /// Ships an order.
    /// # #[derive(Action)]
    /// # #[action(effect = idempotent, crate = enact_action_core)]
    /// # struct Send { #[doc = "Which."] order: String }
    /// # impl Run for Send {
    /// #     type Output = String;
    /// #     async fn run(&self, cx: &Context) -> Result<String, Failure> { Ok(self.order.clone()) }
    /// # }
    /// # #[derive(Clone, serde::Serialize, serde::Deserialize)]
    /// # struct OrderPaid { order: String }
    /// # impl Signal for OrderPaid { const TYPE: &'static str = "order.paid"; }
    /// use enact_workflow::engine::{Engine, run_id};
    ///
    /// workflow! {
    ///     /// Ships what is paid.
    ///     pub Ship { order: String } -> String {
    ///         step sent = Send { order };
    ///         sent
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::memory(&Context::new())?;
    /// let ships = engine.starts(|paid: OrderPaid| Ship::new(paid.order));
    ///
    /// // With a bus: `bus.subscribe(pattern!("order.paid")).to(ships).detach();`
    /// let paid = OrderPaid { order: "1042".into() }.draft().id("p-1").seal()?;
    /// ships.accept(paid.clone()).await?;
    /// ships.accept(paid.clone()).await?;
    /// assert_eq!(engine.run(&run_id(&paid)).await?.answer().await?, "1042");
    /// assert_eq!(engine.list(9).await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn starts<P, W, M>(&self, make: M) -> Starts<P, M>
    where
        P: Payload,
        W: Workflow<Output: DeserializeOwned>,
        M: Fn(P) -> W + Send + Sync + 'static,
    {
        Starts {
            engine: self.clone(),
            make,
            id: Arc::new(run_id),
            payload: PhantomData,
        }
    }

    /// A sink that hands signals to runs that wait for them, or will: `whose` tells the id of the run;
    /// what is for none is accepted and left alone.
    ///
    /// A run has each event once, by its source and its id.
    ///
    /// ```
    /// # extern crate enact_workflow as enact;
    /// # async fn subscribed(engine: &enact::workflow::engine::Engine) {
    /// let answers = engine.delivers(|answer| answer.subject().map(|order| format!("order-{order}")));
    /// // With a bus: `bus.subscribe(pattern!("approval.*")).to(answers).detach();`
    /// # drop(answers);
    /// # }
    /// ```
    pub fn delivers<F>(&self, whose: F) -> Delivers<F>
    where
        F: Fn(&Envelope) -> Option<String> + Send + Sync + 'static,
    {
        Delivers {
            engine: self.clone(),
            whose,
        }
    }
}

/// The id of the run that [`Engine::starts`] starts for an event: `SOURCE#ID`.
///
/// Source and id together name an event (`CloudEvents` 1.0.2, section "id"), and so they do its run: two
/// sources may give one id. A `#` or a `%` of the event's id is written as URIs do, so that no two
/// events share a run. Of an id that would have more than 200 bytes so its SHA-256 stands there, behind a `%`: what a run
/// emits has the run's id in its own, and may start a run in turn. Together they have at most 1,024 bytes, like any
/// run's id; an event whose source is as long starts none and is refused.
///
/// ```
/// use enact_signal_core::Envelope;
/// use enact_workflow::engine::run_id;
///
/// let paid = Envelope::builder("order.paid", "/shop").id("p-1").build()?;
/// assert_eq!(run_id(&paid), "/shop#p-1");
/// # Ok::<_, enact_signal_core::SignalError>(())
/// ```
pub fn run_id(event: &Envelope) -> String {
    let id = event.id().replace('%', "%25").replace('#', "%23");
    if id.len() <= LONG {
        return format!("{}#{id}", event.source());
    }
    let mut run = format!("{}#%", event.source());
    for byte in Sha256::digest(event.id()) {
        // Writing to a String can't fail.
        let _ = write!(run, "{byte:02x}");
    }
    run
}

/// How long the id of an event may be to stand in a run's.
const LONG: usize = 200;

/// Starts a run for each signal; see [`Engine::starts`].
pub struct Starts<P, M> {
    engine: Engine,
    make: M,
    id: Arc<dyn Fn(&Envelope) -> String + Send + Sync>,
    payload: PhantomData<fn(P)>,
}

impl<P, M> Starts<P, M> {
    /// Gives runs other ids than [`run_id`], which have to be the same whenever an event comes again; so that
    /// one event starts runs of several workflows, for example.
    ///
    /// ```
    /// # extern crate enact_workflow as enact;
    /// use enact::workflow::engine::run_id;
    /// # use enact::workflow::engine::Engine;
    /// # fn subscribed<P: enact_signal_core::Payload, W>(engine: &Engine, invoice: fn(P) -> W)
    /// # where W: enact::workflow::Workflow<Output: serde::de::DeserializeOwned> {
    ///
    /// let invoices = engine.starts(invoice).id(|event| format!("invoice:{}", run_id(event)));
    /// # drop(invoices);
    /// # }
    /// ```
    #[must_use]
    pub fn id(mut self, id: impl Fn(&Envelope) -> String + Send + Sync + 'static) -> Self {
        self.id = Arc::new(id);
        self
    }

    async fn start<W>(&self, id: &str, envelope: &Envelope) -> Result<(), Failure>
    where
        P: Payload,
        W: Workflow<Output: DeserializeOwned>,
        M: Fn(P) -> W,
    {
        let payload = envelope.open::<P>().map_err(|error| {
            let message = format!("could not start a run for the event {:?}", envelope.id());
            Failure::terminal(error.code(), message).because(error)
        })?;
        let started = self
            .engine
            .start_because(envelope, id, (self.make)(payload));
        started.await.map(drop).map_err(failure)
    }
}

impl<P, W, M> Sink for Starts<P, M>
where
    P: Payload,
    W: Workflow<Output: DeserializeOwned>,
    M: Fn(P) -> W + Send + Sync + 'static,
{
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let id = (self.id)(&envelope);
            let started = self.start(&id, &envelope).await;
            let event = EventId::of(&envelope);
            // Rules and params may have changed since it came first.
            if started.is_err() && self.engine.has_started(&id, &W::GRAPH.name, &event).await {
                return Ok(());
            }
            started
        })
    }
}

/// Hands signals to runs; see [`Engine::delivers`].
pub struct Delivers<F> {
    engine: Engine,
    whose: F,
}

impl<F> Sink for Delivers<F>
where
    F: Fn(&Envelope) -> Option<String> + Send + Sync + 'static,
{
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let Some(run) = (self.whose)(&envelope) else {
                return Ok(());
            };
            let delivered = self.engine.deliver(&run, &envelope).await;
            delivered.map_err(failure)
        })
    }
}

/// What could not be done now may be later: a run may not be there yet, and a journal may be mended.
fn failure(error: EngineError) -> Failure {
    let message = error.to_string();
    let failure = match error.kind() {
        Kind::NotThere => Failure::retryable("engine.not_there", message),
        Kind::Held => Failure::retryable("engine.held", message),
        Kind::Journal => Failure::retryable("engine.journal", message),
        Kind::Taken => Failure::terminal("engine.taken", message),
        Kind::Refused | Kind::NotFailed | Kind::NothingLeft | Kind::Secret | Kind::Sealed => {
            Failure::terminal("engine.refused", message)
        }
    };
    failure.because(error)
}

impl<P, M> fmt::Debug for Starts<P, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Starts").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for Delivers<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivers").finish_non_exhaustive()
    }
}
