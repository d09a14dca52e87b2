//! The value of an attribute: one of the seven scalar types of CloudEvents.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact_grammar::attribute::{is_uri, is_uri_reference, odd_character};
use serde::{Serialize, Serializer};

use crate::spec::Constant;
use crate::time::Timestamp;

/// The value of an extension: one of the seven types of CloudEvents 1.0.2, "Type System".
///
/// JSON tells booleans and integers from text, HTTP headers tell nothing apart. So what came as text
/// stays the text that came, to the byte, and is taken for a time or for bytes when it is asked:
///
/// ```
/// use enact_signal_core::Scalar;
///
/// let expiry = Scalar::from("2026-01-31T09:30:00+01:00");
/// assert_eq!(expiry.timestamp(), "2026-01-31T08:30:00Z".parse().ok());
/// assert_eq!(expiry.to_string(), "2026-01-31T09:30:00+01:00");
/// assert_eq!((Scalar::from("7").integer(), Scalar::from(true).boolean()), (Some(7), Some(true)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i32),
    /// Text without controls.
    String(Cow<'static, str>),
    /// Bytes, which are Base64 on the wire.
    Binary(Arc<[u8]>),
    /// An absolute URI.
    Uri(Cow<'static, str>),
    /// A URI, or a reference relative to one.
    UriReference(Cow<'static, str>),
    /// A point in time.
    Timestamp(Timestamp),
}

impl Scalar {
    /// The text, where it is one; URIs are too.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Uri(text) | Self::UriReference(text) => Some(text),
            Self::Boolean(_) | Self::Integer(_) | Self::Binary(_) | Self::Timestamp(_) => None,
        }
    }

    /// The boolean that it is, or that its text says.
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => self.text()?.parse().ok(),
        }
    }

    /// The integer that it is, or that its text says.
    pub fn integer(&self) -> Option<i32> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => self.text()?.parse().ok(),
        }
    }

    /// The point in time that it is, or that its text says.
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Timestamp(time) => Some(time.clone()),
            _ => self.text()?.parse().ok(),
        }
    }

    /// The bytes that it is, or that its text is the Base64 of.
    pub fn binary(&self) -> Option<Arc<[u8]>> {
        match self {
            Self::Binary(bytes) => Some(Arc::clone(bytes)),
            _ => STANDARD.decode(self.text()?).ok().map(Arc::from),
        }
    }

    /// What is wrong with it, in words that go behind the attribute's name.
    pub(crate) fn fault(&self) -> Option<String> {
        match self {
            Self::Boolean(_) | Self::Integer(_) | Self::Binary(_) | Self::Timestamp(_) => None,
            Self::String(text) => text_fault(text),
            Self::Uri(text) => {
                (!is_uri(text)).then(|| format!("is {}, and no URI with a scheme", shown(text)))
            }
            Self::UriReference(text) => (!is_uri_reference(text))
                .then(|| format!("is {}, and no URI-reference", shown(text))),
        }
    }
}

/// A character that no attribute may hold.
pub(crate) fn text_fault(text: &str) -> Option<String> {
    let odd = odd_character(text)?;
    Some(format!(
        "has the character {odd:?} in it; leave controls out"
    ))
}

/// How many characters of others' text errors show.
const MOST_SHOWN: usize = 60;

/// Text of others as errors show it: quoted, and the beginning of it.
pub(crate) fn shown(text: &str) -> String {
    match beginning(text) {
        Some(beginning) => format!("{beginning:?}…"),
        None => format!("{text:?}"),
    }
}

/// A name of others as errors show it, without quotes.
pub(crate) fn shown_bare(name: &str) -> String {
    match beginning(name) {
        Some(beginning) => format!("{}…", beginning.escape_debug()),
        None => name.escape_debug().to_string(),
    }
}

/// The beginning of what is too long to be shown.
fn beginning(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().nth(MOST_SHOWN)?;
    Some(&text[..end])
}

impl fmt::Display for Scalar {
    /// The canonical text of CloudEvents, which HTTP headers carry.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::String(text) | Self::Uri(text) | Self::UriReference(text) => f.write_str(text),
            Self::Binary(bytes) => f.write_str(&STANDARD.encode(bytes)),
            Self::Timestamp(time) => time.fmt(f),
        }
    }
}

/// As the JSON format maps it, section 2.2.
impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i32(*value),
            Self::String(text) | Self::Uri(text) | Self::UriReference(text) => {
                serializer.serialize_str(text)
            }
            Self::Binary(_) | Self::Timestamp(_) => serializer.collect_str(self),
        }
    }
}

impl From<Constant> for Scalar {
    fn from(value: Constant) -> Self {
        match value {
            Constant::Boolean(value) => Self::Boolean(value),
            Constant::Integer(value) => Self::Integer(value),
            Constant::String(text) => Self::String(Cow::Borrowed(text)),
        }
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i32> for Scalar {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Timestamp> for Scalar {
    fn from(time: Timestamp) -> Self {
        Self::Timestamp(time)
    }
}
