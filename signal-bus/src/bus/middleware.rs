//! What stands around publishing and dispatch: looks at each signal, changes it, leaves it out or
//! refuses it.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use enact_signal_core::{Envelope, Pattern};

use super::Delivery;

/// Stands around publishing and dispatch, for every signal of a bus or of a [log](crate::log::Log).
///
/// What comes before is asked in the order in which the middlewares were given to the bus, what
/// comes after in the opposite order; each sees what those asked before it have made of the signal.
/// One that panics refuses the signal, with the code `bus.middleware`. None of it may block.
///
/// A log has the same ones, by [`Settings::middleware`](crate::log::Settings::middleware); what differs
/// there is said at each method.
///
/// ```
/// use enact_signal_bus::{Bus, Middleware, Next, PublishErrorKind};
/// use enact_signal_core::Envelope;
///
/// struct OnlyOurs;
///
/// impl Middleware for OnlyOurs {
///     fn before_publish(&self, envelope: &Envelope) -> Next {
///         if envelope.source().starts_with("/shop") {
///             return Next::Continue;
///         }
///         Next::Halt("only the shop publishes here".into())
///     }
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let bus = Bus::builder().middleware(OnlyOurs).build();
/// let stranger = Envelope::builder("order.created", "/elsewhere").build()?;
/// let refused = bus.publish(stranger).await.unwrap_err();
/// assert_eq!(refused.kind(), PublishErrorKind::Halted);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Before a signal is routed, or recorded. Skipped, it is not published; halted, nothing of what is
    /// published with it is.
    fn before_publish(&self, envelope: &Envelope) -> Next {
        let _ = envelope;
        Next::Continue
    }

    /// Once a signal lies in all queues, or is durable in a log, or is known not to be: see
    /// [`Delivery::fate`]. Whoever stops waiting for a log to be durable has nobody told.
    ///
    /// It has happened: a change is seen by those asked later and by the publisher; skipped or halted,
    /// those are not asked.
    fn after_publish(&self, published: &Delivery) -> Next {
        let _ = published;
        Next::Continue
    }

    /// Before a subscriber gets a signal out of its queue. Skipped or halted, this one does not get
    /// it, and others do; halted, that is told as an error.
    ///
    /// Before a persistent subscription gives a signal out, in each attempt. Skipped, it is settled as if it
    /// were acknowledged; halted, it is a dead letter, which can be redriven.
    fn before_dispatch(&self, subscriber: &Subscriber, delivery: &Delivery) -> Next {
        let _ = (subscriber, delivery);
        Next::Continue
    }

    /// Once a subscriber has a signal, and a handler has answered. Skipped or halted, those asked
    /// later are not asked.
    ///
    /// Once whoever has a signal of a persistent subscription has said what came of it, or its deadline has
    /// passed: once for each delivery. That it is durable comes after.
    fn after_dispatch(
        &self,
        subscriber: &Subscriber,
        delivery: &Delivery,
        outcome: &Outcome,
    ) -> Next {
        let _ = (subscriber, delivery, outcome);
        Next::Continue
    }
}

/// What a [`Middleware`] answers.
///
/// ```
/// use enact_signal_bus::Next;
///
/// assert!(matches!(Next::default(), Next::Continue));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Next {
    /// It goes on.
    #[default]
    Continue,
    /// It goes on as that.
    With(Envelope),
    /// The signal is left out, which is no mistake.
    Skip,
    /// The signal is refused, for that reason.
    Halt(Cow<'static, str>),
}

/// Who gets a signal.
#[derive(Debug)]
pub struct Subscriber {
    pub(crate) name: String,
    pub(crate) pattern: Pattern,
}

impl Subscriber {
    /// Its name; its pattern, where it was given none.
    pub fn name(&self) -> &str {
        match self.name.as_str() {
            "" => self.pattern.as_str(),
            name => name,
        }
    }

    /// What it has subscribed to.
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }
}

/// What became of a signal at its subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Whoever reads the stream has it.
    Taken,
    /// The handler has answered, or the signal was acknowledged.
    Handled,
    /// The handler has failed, and says why, or the signal was not acknowledged.
    Failed(String),
    /// The handler panicked, and said so.
    Panicked(String),
    /// The handler had not answered in time, and was dropped; or the deadline of a delivery has passed.
    TimedOut,
}

/// Middlewares, in order.
#[derive(Clone, Default)]
pub(crate) struct Chain(Vec<Arc<dyn Middleware>>);

/// What has become of a signal on its way.
pub(crate) enum Went {
    On(Delivery),
    Skipped,
    Halted(Refusal),
}

/// Why a middleware let no signal pass.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) panicked: bool,
    reason: String,
}

impl Chain {
    pub(crate) fn push(&mut self, middleware: impl Middleware) {
        self.0.push(Arc::new(middleware));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn before_publish(&self, delivery: Delivery) -> Went {
        pass(self.0.iter(), delivery, |one, delivery| {
            one.before_publish(delivery.envelope())
        })
    }

    /// What the publisher is told of.
    pub(crate) fn after_publish(&self, delivery: Delivery) -> Delivery {
        let before = delivery.clone();
        let went = pass(self.0.iter().rev(), delivery, |one, delivery| {
            one.after_publish(delivery)
        });
        match went {
            Went::On(delivery) => delivery,
            Went::Skipped => before,
            Went::Halted(refusal) => {
                refusal.tell("after_publish", &before);
                before
            }
        }
    }

    /// What the subscriber gets.
    pub(crate) fn before_dispatch(&self, subscriber: &Subscriber, delivery: Delivery) -> Went {
        pass(self.0.iter(), delivery, |one, delivery| {
            one.before_dispatch(subscriber, delivery)
        })
    }

    pub(crate) fn after_dispatch(&self, to: &Subscriber, delivery: Delivery, outcome: &Outcome) {
        if self.is_empty() {
            return;
        }
        let before = delivery.clone();
        let went = pass(self.0.iter().rev(), delivery, |one, delivery| {
            one.after_dispatch(to, delivery, outcome)
        });
        if let Went::Halted(refusal) = went {
            refusal.tell("after_dispatch", &before);
        }
    }
}

/// Asks one after the other, as long as each lets the signal pass.
fn pass<'a>(
    all: impl Iterator<Item = &'a Arc<dyn Middleware>>,
    mut delivery: Delivery,
    ask: impl Fn(&dyn Middleware, &Delivery) -> Next,
) -> Went {
    for one in all {
        // Unwind safety: nothing of the bus is held, and the signal is never changed in place.
        let next = catch_unwind(AssertUnwindSafe(|| ask(&**one, &delivery)));
        match next {
            Ok(Next::Continue) => (),
            Ok(Next::With(envelope)) => delivery = delivery.with(envelope),
            Ok(Next::Skip) => return Went::Skipped,
            Ok(Next::Halt(reason)) => return Went::Halted(Refusal::halted(reason.into_owned())),
            Err(panic) => return Went::Halted(Refusal::panicked(&*panic)),
        }
    }
    Went::On(delivery)
}

impl Refusal {
    fn halted(reason: String) -> Self {
        Self {
            panicked: false,
            reason,
        }
    }

    fn panicked(panic: &(dyn Any + Send)) -> Self {
        Self {
            panicked: true,
            reason: words(panic),
        }
    }

    const fn code(&self) -> &'static str {
        if self.panicked {
            "bus.middleware"
        } else {
            "bus.halted"
        }
    }

    pub(crate) fn tell(&self, place: &str, delivery: &Delivery) {
        let (ty, id, code) = (delivery.ty().as_str(), delivery.id(), self.code());
        tracing::error!(target: "enact::bus", ty, id, code, place, "{}", self.reason);
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did = if self.panicked {
            "panicked"
        } else {
            "halted it"
        };
        write!(f, "a middleware {did}: {}", self.reason)
    }
}

/// What a panic said.
pub(crate) fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without words".to_owned())
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Chain").field(&self.0.len()).finish()
    }
}
