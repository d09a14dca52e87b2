//! A signal with what its envelope is to say, before it is sealed.

use std::borrow::Cow;

use enact_action_core::context::Trace;
use enact_grammar::attribute::{is_uri, is_uri_reference};

use crate::envelope::{Builder, Envelope, Scalar};
use crate::error::SignalError;
use crate::payload::{Enclosed, Payload};
use crate::received::Received;
use crate::spec::urn;
use crate::time::Timestamp;

/// A signal with what its envelope is to say, before it is sealed.
///
/// [`Compose`] begins one: `order_created.subject("1042")`.
#[derive(Debug, Clone)]
#[must_use = "a draft is nothing until it is sealed or published"]
pub struct Draft<P> {
    payload: P,
    builder: Builder,
}

/// Begins a draft of a signal.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
///
/// #[signal(type = "order.paid", source = "/payments")]
/// struct OrderPaid {}
/// #[signal(type = "order.shipped", source = "/shipping")]
/// struct OrderShipped {}
///
/// let paid = OrderPaid {}.subject("1042").seal()?;
/// let shipped = OrderShipped {}.subject("1042").caused_by(&paid).seal()?;
/// assert_eq!(shipped.causes(), [paid.id()]);
/// assert_eq!(shipped.correlation(), Some(paid.id()));
/// # Ok::<(), enact::SignalError>(())
/// ```
pub trait Compose: Payload {
    /// A draft that says nothing yet.
    fn draft(self) -> Draft<Self> {
        Draft {
            payload: self,
            builder: Builder::default(),
        }
    }

    /// A draft that says what the signal is about.
    fn subject(self, subject: impl Into<String>) -> Draft<Self> {
        self.draft().subject(subject)
    }

    /// A draft that says what caused the signal.
    fn caused_by(self, cause: &impl Cause) -> Draft<Self> {
        self.draft().caused_by(cause)
    }
}

impl<P: Payload> Compose for P {}

/// What can cause a signal: an [`Envelope`], or a signal that was [`Received`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't cause a signal",
    label = "it has no id",
    note = "name the `Envelope` that was sealed or the `Received` signal that came"
)]
pub trait Cause {
    /// The envelope of the cause.
    fn envelope(&self) -> &Envelope;
}

impl Cause for Envelope {
    fn envelope(&self) -> &Envelope {
        self
    }
}

/// What an envelope can be made of: a signal, a draft of one, or an envelope.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signal",
    label = "neither a signal nor a draft of one",
    note = "write `#[signal(type = \"order.approved\")]` on it"
)]
pub trait Seal {
    /// Checks the signal and puts it in an envelope, with a new id and the time where its draft has
    /// none.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation of the signal;
    /// [`Malformed`](crate::Kind::Malformed) with every attribute of the draft that is wrong.
    fn seal(self) -> Result<Envelope, SignalError>;
}

impl Seal for Envelope {
    fn seal(self) -> Result<Envelope, SignalError> {
        Ok(self)
    }
}

impl Seal for Builder {
    fn seal(self) -> Result<Envelope, SignalError> {
        self.build()
    }
}

impl<P: Payload> Seal for P {
    fn seal(self) -> Result<Envelope, SignalError> {
        self.draft().seal()
    }
}

impl<P: Payload> Seal for Draft<P> {
    fn seal(self) -> Result<Envelope, SignalError> {
        let Self {
            payload,
            mut builder,
        } = self;
        let Enclosed { ty, spec, data } = payload.enclose().map_err(|violations| {
            let what = "the signal breaks its own rules".to_owned();
            SignalError::invalid(what, violations)
        })?;
        if builder.source.is_none() {
            if is_uri_reference(spec.source) {
                builder.source = Some(Cow::Borrowed(spec.source));
            } else {
                builder = builder.source(spec.source);
            }
        }
        builder.datacontenttype = Some(Cow::Borrowed("application/json"));
        match (spec.dataschema, spec.version) {
            (Some(uri), _) if is_uri(uri) => builder.dataschema = Some(Cow::Borrowed(uri)),
            (Some(uri), _) => builder = builder.dataschema(uri),
            (None, Some(version)) => {
                builder.dataschema = Some(Cow::Owned(urn(ty.as_str(), version)));
            }
            (None, None) => {}
        }
        builder.ty = Some(ty);
        for (name, value) in spec.extensions {
            builder.preset(name, *value);
        }
        builder.data(data).build()
    }
}

impl<P: Payload> Draft<P> {
    /// The id, instead of a new one.
    pub fn id(self, id: impl Into<String>) -> Self {
        self.with(|builder| builder.id(id))
    }

    /// Where it comes from, instead of what the signal says: a URI-reference.
    pub fn source(self, source: impl Into<String>) -> Self {
        self.with(|builder| builder.source(source))
    }

    /// What it is about.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.with(|builder| builder.subject(subject))
    }

    /// When it happened, instead of now.
    pub fn time(self, time: Timestamp) -> Self {
        self.with(|builder| builder.time(time))
    }

    /// What caused it; said again, one more cause.
    ///
    /// It shares the cause's correlation and trace, unless it says its own before or behind.
    pub fn caused_by(self, cause: &impl Cause) -> Self {
        self.with(|builder| builder.caused_by(cause.envelope()))
    }

    /// What caused it, where no more is known of that than its id; said again, one more cause.
    pub fn caused_by_id(self, id: &str) -> Self {
        self.with(|builder| builder.caused_by_id(id))
    }

    /// What all signals of one business transaction share.
    pub fn correlation(self, id: impl Into<String>) -> Self {
        self.with(|builder| builder.correlation(id))
    }

    /// The W3C trace that it belongs to.
    pub fn trace(self, trace: Trace) -> Self {
        self.with(|builder| builder.trace(trace))
    }

    /// One more attribute: its name in lower-case letters and digits.
    pub fn extension(self, name: &str, value: impl Into<Scalar>) -> Self {
        self.with(|builder| builder.extension(name, value))
    }

    fn with(self, change: impl FnOnce(Builder) -> Builder) -> Self {
        Self {
            builder: change(self.builder),
            ..self
        }
    }
}

/// A signal that came goes on as it came, in its own envelope.
impl<P> Seal for Received<P> {
    fn seal(self) -> Result<Envelope, SignalError> {
        Ok(self.into_envelope())
    }
}
