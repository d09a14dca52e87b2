//! Types of signals, patterns of them, and which of two patterns says more.

mod malformed;
mod signal_type;
mod specificity;
mod text;

use std::fmt;
use std::str::FromStr;

use enact_grammar::signal::{self, Name};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::text::Text;

pub use enact_grammar::signal::{MistakeKind, Segment};

pub use self::malformed::MalformedName;
pub use self::signal_type::SignalType;
pub use self::specificity::Specificity;

/// Which signals are meant, by their types: `order.created`, `order.*` or `order.**`.
///
/// A pattern is segments with dots between. `*` is exactly one segment, `**` is any number of them,
/// none included, and any other segment is itself, byte by byte. A pattern stands for whole types:
/// `order` is not `order.created`. What may be in a segment, and how much of it, says
/// [`enact_grammar::signal`].
///
/// `pattern!("order.**")` makes one that is checked while compiling.
///
/// ```
/// use enact_signal_core::{Pattern, SignalType};
///
/// let pattern: Pattern = "order.**".parse()?;
/// assert!(pattern.matches(&SignalType::new("order.created")?));
/// assert!(pattern.matches(&SignalType::new("order")?));
/// assert!(!pattern.matches(&SignalType::new("orders.created")?));
/// # Ok::<_, enact_signal_core::MalformedName>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pattern(Text);

impl Pattern {
    /// Reads a pattern.
    ///
    /// ```
    /// use enact_signal_core::Pattern;
    ///
    /// let error = Pattern::new("order.cr*").unwrap_err();
    /// assert!(error.to_string().contains("bytes 6..9, `cr*` has a star beside other characters"));
    /// ```
    ///
    /// # Errors
    ///
    /// The first mistake in the text, with what to write instead.
    pub fn new(text: impl AsRef<str>) -> Result<Self, MalformedName> {
        Text::read(Name::Pattern, text.as_ref()).map(Self)
    }

    /// The pattern that `pattern!` has checked; in a constant, anything else does not compile.
    #[doc(hidden)]
    pub const fn __checked(text: &'static str) -> Self {
        Self(Text::fixed(Name::Pattern, text))
    }

    /// The pattern that stands for one type and no other.
    ///
    /// ```
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let created = SignalType::new("order.created")?;
    /// assert_eq!(Pattern::exactly(&created), Pattern::new("order.created")?);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn exactly(signal_type: &SignalType) -> Self {
        Self(signal_type.text().clone())
    }

    /// Whether the pattern stands for a type.
    ///
    /// Each pair of their segments is looked at once at most, whatever they are.
    ///
    /// ```
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let pattern = Pattern::new("order.*.paid")?;
    /// assert!(pattern.matches(&SignalType::new("order.42.paid")?));
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn matches(&self, signal_type: &SignalType) -> bool {
        signal::matches(self.as_str(), signal_type.as_str())
    }

    /// How narrow the pattern is, to be compared with that of others.
    ///
    /// ```
    /// use enact_signal_core::Pattern;
    ///
    /// let specificity = |text| Pattern::new(text).map(|pattern| pattern.specificity());
    /// assert!(specificity("order.*")? < specificity("order.**")?);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn specificity(&self) -> Specificity {
        Specificity::of(self.segments())
    }

    /// The segments, from left to right.
    ///
    /// ```
    /// use enact_signal_core::{Pattern, Segment};
    ///
    /// let pattern = Pattern::new("order.*")?;
    /// assert!(pattern.segments().eq([Segment::Exact("order"), Segment::One]));
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> + Clone {
        signal::segments(self.as_str())
    }

    /// The pattern as it is written.
    ///
    /// ```
    /// use enact_signal_core::Pattern;
    ///
    /// assert_eq!(Pattern::new("order.*")?.as_str(), "order.*");
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<&SignalType> for Pattern {
    fn from(signal_type: &SignalType) -> Self {
        Self::exactly(signal_type)
    }
}

impl FromStr for Pattern {
    type Err = MalformedName;

    fn from_str(text: &str) -> Result<Self, MalformedName> {
        Self::new(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = MalformedName;

    fn try_from(text: String) -> Result<Self, MalformedName> {
        Self::new(text)
    }
}

impl AsRef<str> for Pattern {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.as_str()).finish()
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::read(Name::Pattern, deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests;
