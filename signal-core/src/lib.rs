//! Signals: typed events, and the CloudEvents envelopes that carry them.
//!
//! A *signal* is a struct with a type on the wire: `#[signal(type = "order.created")]`. Its fields
//! have the rules that params have, and from that one definition come its schema, its checks, its
//! envelope and its place in the registry.
//!
//! ```
//! # extern crate enact_signal_core as enact;
//! use enact::signal::{Limits, json, pattern, prelude::*};
//!
//! /// Somebody has ordered something.
//! #[signal(type = "order.created", source = "/orders", version = 1)]
//! pub struct OrderCreated {
//!     pub order_id: String,
//!     #[param(min = 1)]
//!     pub cents: u64,
//! }
//!
//! let order = OrderCreated { order_id: "1042".into(), cents: 1999 };
//! let envelope = order.subject("1042").seal()?;
//! assert!(pattern!("order.**").matches(envelope.ty()));
//!
//! let bytes = json::write(&envelope, &Limits::default())?;
//! let read = json::read(&bytes, &Limits::default())?;
//! assert_eq!(read.open::<OrderCreated>()?.cents, 1999);
//! # Ok::<(), enact::SignalError>(())
//! ```
//!
//! - [`signal`](macro@signal), [`Signal`], [`Payload`]: signals as types;
//! - [`Compose`], [`Draft`], [`Seal`]: what an envelope says beside them;
//! - [`Envelope`], [`json`], [`http`]: CloudEvents 1.0.2, in memory and on the wire;
//! - [`SignalType`], [`Pattern`], [`pattern!`]: the names that routes go by;
//! - [`Sink`]: where signals can go, for whoever sends them;
//! - [`registry`]: every signal of the program by its type.

mod draft;
mod envelope;
mod error;
pub mod http;
mod id;
pub mod json;
mod pattern;
mod payload;
pub mod prelude;
mod received;
pub mod registry;
mod sink;
mod spec;
mod time;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

// Generated code finds this crate under the name that the facade gives it.
#[doc(hidden)]
pub extern crate self as signal;

pub use enact_action_core::Failure;
pub use enact_action_core::action::BoxFuture;

pub use self::draft::{Cause, Compose, Draft, Seal};
pub use self::envelope::{Builder, Data, Envelope, Limits, SPECVERSION, Scalar};
pub use self::error::{Defect, Kind, SignalError};
pub use self::id::id;
pub use self::pattern::{MalformedName, MistakeKind, Pattern, Segment, SignalType, Specificity};
pub use self::payload::{Payload, Signal};
pub use self::received::Received;
pub use self::registry::Registry;
pub use self::sink::{Sink, sink};
pub use self::spec::{Constant, Spec};
pub use self::time::{Timestamp, TimestampError};
/// A pattern of signal types, checked while compiling.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Pattern, pattern};
///
/// static ORDERS: Pattern = pattern!("order.**");
/// assert!(ORDERS.matches(&"order.created".parse()?));
/// # Ok::<(), enact::MalformedName>(())
/// ```
///
/// A malformed one does not compile, and the error quotes the segment that is wrong:
///
/// ```compile_fail
/// # extern crate enact_signal_core as enact;
/// let orders = enact::signal::pattern!("order.cr*");
/// ```
#[cfg(feature = "macros")]
pub use enact_signal_macros::pattern;
/// Makes a struct a signal: its data checked by rules and described by a schema, its type checked
/// while compiling, its place in the registry.
///
/// It derives `Clone`, `Serialize`, `Deserialize`, `JsonSchema` and
/// [`Params`](enact_action_core::Params), so fields take every `#[param(…)]` rule that an action's
/// fields take, and `#[serde(…)]` keeps its meaning. Write other derives below it.
///
/// | key | meaning | default |
/// | --- | --- | --- |
/// | `type = "order.created"` | the type on the wire | needed |
/// | `source = "/orders"` | where it comes from, a URI-reference | `/` and the name of the package |
/// | `version = 1` | counts incompatible changes; other versions are refused when read | none |
/// | `dataschema = "https://…"` | where its schema is, a URI | `urn:enact:signal:<type>:<version>` where there is a version |
/// | `extensions(region = "eu", level = 3, live = true)` | attributes that each one carries | none |
/// | `check = path` | a check across fields, `fn(&Self) -> Result<(), impl Display>`; not on an enum of signals or its variants | none |
/// | `open` | lets unknown fields of the data pass | refused |
/// | `no_new` | leaves the constructor `new` out | |
/// | `crate = path` | where Enact is | `::enact` |
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::prelude::*;
///
/// #[signal(type = "meter.read", source = "/meters", version = 1, extensions(unit = "kWh"))]
/// #[derive(Debug, PartialEq)]
/// struct MeterRead {
///     #[param(pattern = "^m-[0-9]+$")]
///     meter: String,
///     #[param(min = 0)]
///     reading: f64,
/// }
///
/// let envelope = MeterRead::new("m-7", 18.5).seal()?;
/// assert_eq!(envelope.dataschema(), Some("urn:enact:signal:meter.read:1"));
/// assert_eq!(envelope.extension("unit").and_then(|unit| unit.text()), Some("kWh"));
/// // What breaks its own rules is not sent.
/// assert!(MeterRead::new("7", -1.0).seal().is_err());
/// # Ok::<(), enact::SignalError>(())
/// ```
///
/// # Enums of signals
///
/// On an enum, each variant is a signal of its own: one that says its type here, or one that holds
/// a signal. The keys of the enum are the variants' defaults. Reading picks the variant by the type.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, prelude::*};
///
/// #[signal(type = "order.paid", source = "/payments")]
/// struct OrderPaid {
///     cents: u64,
/// }
///
/// #[signal(source = "/orders")]
/// enum OrderEvent {
///     /// Somebody has ordered something.
///     #[signal(type = "order.created")]
///     Created { order_id: String },
///     #[signal(type = "order.closed")]
///     Closed,
///     Paid(OrderPaid),
/// }
///
/// let envelope = OrderEvent::Created { order_id: "1042".into() }.seal()?;
/// assert_eq!(envelope.ty().as_str(), "order.created");
///
/// let paid = OrderPaid { cents: 1999 }.seal()?;
/// assert!(matches!(paid.open()?, OrderEvent::Paid(paid) if paid.cents == 1999));
/// # Ok::<(), enact::SignalError>(())
/// ```
///
/// A variant that needs a `check` holds a struct, on which the check stands. Of serde's attributes on
/// the enum, `rename_all_fields` holds for its variants; the others are for an enum that derives
/// `Serialize` or `Deserialize` too.
///
/// An enum with a `type` and none on its variants is one signal, whose data serde writes.
///
/// # Versions
///
/// A signal's version counts changes that readers of the old one can't take; both may stand in one
/// program, in modules of their own. A reader of one version refuses the others, where the
/// `dataschema` tells them apart: those that are made of the version do. Variants of one enum may be
/// of one type in several versions; what tells no version is read as the first of them.
#[cfg(feature = "macros")]
pub use enact_signal_macros::signal;
