//! What a signal is: a typed event.
//!
//! So far this is the trait alone, as much of it as workflows need to emit signals and to wait for
//! them; envelopes, patterns and the attribute that writes the trait's impl come with the bus.

mod pattern;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use pattern::{MalformedName, MistakeKind, Pattern, Segment, SignalType, Specificity};

/// A typed event.
///
/// ```
/// use enact_signal_core::Signal;
///
/// #[derive(Clone, serde::Serialize, serde::Deserialize)]
/// struct OrderApproved {
///     by: String,
/// }
///
/// impl Signal for OrderApproved {
///     const TYPE: &'static str = "order.approved";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signal",
    label = "not a signal",
    note = "write `impl Signal for {Self} {{ const TYPE: &'static str = \"order.approved\"; }}`"
)]
pub trait Signal: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type under which the signal travels: dotted, in lower case.
    const TYPE: &'static str;
}
