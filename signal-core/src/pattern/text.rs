//! A checked text: written in the program, or read and then shared.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use enact_grammar::signal::{Name, check};
use serde::Deserializer;
use serde::de::{Error, Visitor};

use super::MalformedName;

/// A text that was checked to be a type or a pattern.
#[derive(Clone)]
pub(super) enum Text {
    Fixed(&'static str),
    Read(Arc<str>),
}

impl Text {
    pub(super) fn read(name: Name, text: &str) -> Result<Self, MalformedName> {
        check(name, text).map_err(|mistake| MalformedName::new(mistake, text))?;
        Ok(Self::Read(Arc::from(text)))
    }

    pub(super) const fn fixed(name: Name, text: &'static str) -> Self {
        match name {
            Name::Type => assert!(
                check(name, text).is_ok(),
                "the type of this signal is malformed; write one such as `order.created`"
            ),
            Name::Pattern => assert!(
                check(name, text).is_ok(),
                "this pattern is malformed; write one such as `order.**`"
            ),
        }
        Self::Fixed(text)
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Read(text) => text,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// Reads a text from a string of any format.
pub(super) fn read<'de, D: Deserializer<'de>>(
    name: Name,
    deserializer: D,
) -> Result<Text, D::Error> {
    deserializer.deserialize_str(Reader(name))
}

struct Reader(Name);

impl Visitor<'_> for Reader {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {}", self.0.noun())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Text::read(self.0, text).map_err(E::custom)
    }
}
