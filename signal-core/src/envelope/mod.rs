//! The envelope: a signal as it travels, its type erased. A CloudEvent of version 1.0.2.

mod builder;
mod causes;
mod data;
mod limits;
mod scalar;
mod set;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use enact_action_core::context::Trace;
use serde_json::{Map, Value};

pub use self::builder::Builder;
pub use self::data::Data;
pub(crate) use self::data::Form;
pub use self::limits::Limits;
pub use self::scalar::Scalar;
pub(crate) use self::scalar::{shown, shown_bare};
use crate::error::SignalError;
use crate::pattern::SignalType;
use crate::payload::Payload;
use crate::received::Received;
use crate::spec;
use crate::time::Timestamp;

/// The version of CloudEvents that is written and read; 1.0.2 is "1.0" on the wire.
pub const SPECVERSION: &str = "1.0";

pub(crate) type Text = Cow<'static, str>;

/// A signal as it travels, its type erased: a CloudEvent of version 1.0.2.
///
/// Sealing a signal makes one, as does reading one with [`json`](crate::json) or
/// [`http`](crate::http); [`open`](Self::open) gives the signal back. A clone is a pointer.
///
/// ```
/// use enact_signal_core::{Data, Envelope};
/// use serde_json::json;
///
/// let envelope = Envelope::builder("order.created", "/orders")
///     .subject("1042")
///     .extension("region", "eu")
///     .data(Data::json(&json!([1, 2, 3])))
///     .build()?;
/// assert_eq!(envelope.ty().as_str(), "order.created");
/// assert_eq!(envelope.extension("region").map(ToString::to_string).as_deref(), Some("eu"));
/// # Ok::<(), enact_signal_core::SignalError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Envelope(Arc<Parts>);

#[derive(Debug, PartialEq)]
pub(crate) struct Parts {
    pub(crate) id: String,
    pub(crate) source: Text,
    pub(crate) ty: SignalType,
    pub(crate) subject: Option<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) datacontenttype: Option<Text>,
    pub(crate) dataschema: Option<Text>,
    /// In the order in which they came.
    pub(crate) extensions: Vec<(Text, Scalar)>,
    pub(crate) data: Option<Data>,
}

impl Envelope {
    /// A builder for an event of that type and from that source, a URI-reference.
    pub fn builder(ty: &str, source: impl Into<String>) -> Builder {
        Builder::new(ty, source)
    }

    /// A builder that has all that this has, for a copy that differs in something: without a change, it
    /// builds the same.
    ///
    /// The id stays too, as those who deduplicate ask of a signal that is handed on; an event that is
    /// another one is given another.
    ///
    /// ```
    /// use enact_signal_core::Envelope;
    ///
    /// let paid = Envelope::builder("order.paid", "/shop").subject("1042").build()?;
    /// let european = paid.to_builder().extension("region", "eu").build()?;
    /// assert_eq!((european.id(), european.subject()), (paid.id(), Some("1042")));
    /// assert_eq!(paid.to_builder().build()?, paid);
    /// # Ok::<(), enact_signal_core::SignalError>(())
    /// ```
    pub fn to_builder(&self) -> Builder {
        Builder::of(self.parts())
    }

    pub(crate) fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The id: unique among all that its source says.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Where it comes from: a URI-reference.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The type.
    pub fn ty(&self) -> &SignalType {
        &self.0.ty
    }

    /// What it is about.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// When it happened.
    pub fn time(&self) -> Option<&Timestamp> {
        self.0.time.as_ref()
    }

    /// The media type of the data; JSON where there is none.
    pub fn datacontenttype(&self) -> Option<&str> {
        self.0.datacontenttype.as_deref()
    }

    /// The URI of the schema that the data keeps to.
    pub fn dataschema(&self) -> Option<&str> {
        self.0.dataschema.as_deref()
    }

    /// The version that the schema's URI tells, where it is one that was made of a version.
    pub fn version(&self) -> Option<u32> {
        spec::version(self.0.ty.as_str(), self.dataschema()?)
    }

    /// The extension of that name.
    pub fn extension(&self, name: &str) -> Option<&Scalar> {
        let mut named = self.extensions().filter(|(other, _)| *other == name);
        named.next().map(|(_, value)| value)
    }

    /// The extensions, in the order in which they came.
    pub fn extensions(&self) -> impl ExactSizeIterator<Item = (&str, &Scalar)> {
        let extensions = self.0.extensions.iter();
        extensions.map(|(name, value)| (&**name, value))
    }

    /// The data.
    pub fn data(&self) -> Option<&Data> {
        self.0.data.as_ref()
    }

    /// The data as JSON, whatever it came as; an object with nothing in it, where there is none.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) where it is declared as something else,
    /// [`Kind::Malformed`](crate::Kind::Malformed) where it is none.
    pub fn json(&self) -> Result<Value, SignalError> {
        match self.data() {
            Some(data) => data.value(self.datacontenttype()),
            None => Ok(Value::Object(Map::new())),
        }
    }

    /// The W3C trace that it belongs to: the extension `traceparent`, where it holds.
    pub fn trace(&self) -> Option<Trace> {
        self.text("traceparent")?.parse().ok()
    }

    /// What all signals of one business transaction share: the extension `correlationid`.
    pub fn correlation(&self) -> Option<&str> {
        self.text("correlationid")
    }

    /// The ids of what it was caused by, the first one first: the extensions `causationid` and
    /// `othercauses`.
    pub fn causes(&self) -> Vec<String> {
        let first = self.text("causationid").map(str::to_owned);
        let others = self.text("othercauses");
        let others = others.and_then(|list| serde_json::from_str::<Vec<String>>(list).ok());
        first
            .into_iter()
            .chain(others.unwrap_or_default())
            .collect()
    }

    /// The signal inside, with every violation where there are some.
    ///
    /// ```
    /// # extern crate enact_signal_core as enact;
    /// use enact::signal::{Envelope, Kind, prelude::*};
    ///
    /// #[signal(type = "order.created")]
    /// struct OrderCreated {
    ///     #[param(len = 1..=20)]
    ///     order_id: String,
    ///     #[param(min = 1)]
    ///     cents: u64,
    /// }
    ///
    /// let data = serde_json::json!({ "order_id": "", "cents": 0, "coupon": "X" });
    /// let envelope = Envelope::builder("order.created", "/shop").json(&data).build()?;
    /// let refused = envelope.open::<OrderCreated>().map(|order| order.cents).unwrap_err();
    /// assert_eq!(refused.kind(), Kind::Invalid);
    /// assert_eq!(refused.violations().map(|all| all.len()), Some(3));
    /// # Ok::<(), enact::SignalError>(())
    /// ```
    ///
    /// # Errors
    /// [`Mismatch`](crate::Kind::Mismatch) where it is of another type or version,
    /// [`Invalid`](crate::Kind::Invalid) with every violation of its data.
    pub fn open<P: Payload>(&self) -> Result<P, SignalError> {
        P::open(self)
    }

    /// The signal inside, and the envelope beside it.
    ///
    /// # Errors
    /// As those of [`open`](Self::open).
    pub fn receive<P: Payload>(self) -> Result<Received<P>, SignalError> {
        Ok(Received::new(P::open(&self)?, self))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.extension(name)?.text()
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Envelope");
        debug
            .field("id", &self.0.id)
            .field("source", &self.0.source)
            .field("type", &self.0.ty)
            .field("subject", &self.0.subject);
        debug
            .field("extensions", &self.0.extensions)
            .finish_non_exhaustive()
    }
}
