//! What a signal is: its type.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use enact_grammar::signal::Name;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::{self, Text};
use super::{MalformedName, Pattern};
use crate::Signal;

/// What a signal is, such as `order.created`.
///
/// A type is segments of letters, digits, `_` and `-`, with dots between; how much of it says
/// [`enact_grammar::signal`]. Clones share the text.
///
/// ```
/// use enact_signal_core::SignalType;
///
/// let created = SignalType::new("order.created")?;
/// assert!(created.segments().eq(["order", "created"]));
/// # Ok::<_, enact_signal_core::MalformedName>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalType(Text);

impl SignalType {
    /// Reads a type.
    ///
    /// ```
    /// use enact_signal_core::SignalType;
    ///
    /// let error = SignalType::new("order..created").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "in the signal type `order..created`, the segment at byte 6 is empty; \
    ///      write one dot instead of two",
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// The first mistake in the text, with what to write instead.
    pub fn new(text: impl AsRef<str>) -> Result<Self, MalformedName> {
        Text::read(Name::Type, text.as_ref()).map(Self)
    }

    /// The type of the signals `S`, checked while compiling.
    ///
    /// ```
    /// use enact_signal_core::{Signal, SignalType};
    ///
    /// #[derive(Clone, serde::Serialize, serde::Deserialize)]
    /// struct OrderApproved {}
    ///
    /// impl Signal for OrderApproved {
    ///     const TYPE: &'static str = "order.approved";
    /// }
    ///
    /// assert_eq!(SignalType::of::<OrderApproved>().as_str(), "order.approved");
    /// ```
    pub const fn of<S: Signal>() -> Self {
        const { Self::__checked(S::TYPE) }
    }

    /// The type that a macro has checked; in a constant, anything else does not compile.
    #[doc(hidden)]
    pub const fn __checked(text: &'static str) -> Self {
        Self(Text::fixed(Name::Type, text))
    }

    /// The segments, from left to right.
    ///
    /// ```
    /// use enact_signal_core::SignalType;
    ///
    /// assert_eq!(SignalType::new("order.eu.created")?.segments().count(), 3);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn segments(&self) -> impl Iterator<Item = &str> + Clone {
        self.as_str().split('.')
    }

    /// The type as it is written.
    ///
    /// ```
    /// use enact_signal_core::SignalType;
    ///
    /// assert_eq!(SignalType::new("order.created")?.as_str(), "order.created");
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn text(&self) -> &Text {
        &self.0
    }
}

impl FromStr for SignalType {
    type Err = MalformedName;

    fn from_str(text: &str) -> Result<Self, MalformedName> {
        Self::new(text)
    }
}

impl TryFrom<String> for SignalType {
    type Error = MalformedName;

    fn try_from(text: String) -> Result<Self, MalformedName> {
        Self::new(text)
    }
}

impl From<SignalType> for Pattern {
    fn from(signal_type: SignalType) -> Self {
        Self(signal_type.0)
    }
}

impl AsRef<str> for SignalType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for SignalType {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for SignalType {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for SignalType {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for SignalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SignalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignalType").field(&self.as_str()).finish()
    }
}

impl Serialize for SignalType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SignalType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::read(Name::Type, deserializer).map(Self)
    }
}
