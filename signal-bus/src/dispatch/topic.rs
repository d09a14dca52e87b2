//! Under which name a broker takes a signal.

use enact_signal_core::Envelope;

#[cfg(any(feature = "amqp", feature = "kafka", feature = "nats"))]
use super::Kind;

/// Under which name a broker takes a signal: a subject, a routing key, a topic.
///
/// It is fixed, or a prefix and the signal's type, whose segments have no characters that a broker takes for
/// more. Neither data nor extensions have a say in it.
///
/// ```
/// use enact_signal_bus::dispatch::Topic;
/// use enact_signal_core::Envelope;
///
/// let paid = Envelope::builder("order.paid", "/payments").build()?;
/// assert_eq!(Topic::fixed("orders").of(&paid), "orders");
/// assert_eq!(Topic::by_type("signals.").of(&paid), "signals.order.paid");
/// # Ok::<(), enact_signal_core::SignalError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    name: String,
    by_type: bool,
}

impl Topic {
    /// The same for every signal.
    pub fn fixed(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            name,
            by_type: false,
        }
    }

    /// A prefix, and the type of the signal behind it.
    pub fn by_type(prefix: impl Into<String>) -> Self {
        let name = prefix.into();
        Self {
            name,
            by_type: true,
        }
    }

    /// The name for that signal.
    pub fn of(&self, signal: &Envelope) -> String {
        if self.by_type {
            format!("{}{}", self.name, signal.ty().as_str())
        } else {
            self.name.clone()
        }
    }

    /// What is wrong where a broker does not take a name: the target, or the signal whose type is in the name.
    #[cfg(any(feature = "amqp", feature = "kafka", feature = "nats"))]
    pub(super) fn blame(&self) -> Kind {
        if self.by_type {
            Kind::Refused
        } else {
            Kind::Misconfigured
        }
    }

    /// What is the same in all names, and whether that is all of it.
    #[cfg(any(
        feature = "amqp",
        feature = "kafka",
        feature = "mqtt",
        feature = "nats"
    ))]
    pub(super) fn stem(&self) -> (&str, bool) {
        (&self.name, !self.by_type)
    }
}
