//! The compiled schema: an arena of nodes, each a schema with its keywords resolved.

use serde_json::{Number, Value};

use crate::params::rules::Len;
use enact_grammar::format::Format;
use enact_grammar::pattern::Pattern;

/// A node's place in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Id(pub(super) u32);

impl Id {
    #[inline]
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One schema.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) kinds: Kinds,
    /// The types that are left when parts and arms are asked too.
    pub(super) takes: Kinds,
    pub(super) constants: Option<Box<[Value]>>,
    pub(super) number: Option<Box<NumberRules>>,
    pub(super) text: Option<Box<TextRules>>,
    pub(super) list: Option<Box<ListRules>>,
    pub(super) record: Option<Box<RecordRules>>,
    pub(super) union: Option<Union>,
    pub(super) all: Box<[Id]>,
    pub(super) secrecy: Secrecy,
    /// Rules are asked of the value that serde knows nothing of.
    pub(super) ruled: bool,
    /// serde builds it of an object, and not of a list too.
    pub(super) keyed: bool,
    pub(super) class: Option<Box<str>>,
}

impl Node {
    #[inline]
    pub(super) fn is_secret(&self) -> bool {
        self.secrecy == Secrecy::Secret
    }

    /// Whether something secret lies here or further in.
    pub(super) fn guards(&self) -> bool {
        self.secrecy != Secrecy::Open
    }

    /// Whether other schemas have a say besides the rules of the type.
    #[inline]
    pub(super) fn is_composed(&self) -> bool {
        self.union.is_some() || !self.all.is_empty()
    }
}

/// How much of a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Secrecy {
    /// All of it.
    #[default]
    Open,
    /// What lies further in may be secret, so what stands in its place is not shown.
    Guarding,
    /// Nothing.
    Secret,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const ANY: Self = Self(0x7F);
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOL: Self = Self(1 << 1);
    pub(super) const INTEGER: Self = Self(1 << 2);
    pub(super) const FRACTION: Self = Self(1 << 3);
    pub(super) const NUMBER: Self = Self((1 << 2) | (1 << 3));
    pub(super) const STRING: Self = Self(1 << 4);
    pub(super) const LIST: Self = Self(1 << 5);
    pub(super) const RECORD: Self = Self(1 << 6);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOL,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::LIST,
            "object" => Self::RECORD,
            _ => return None,
        })
    }

    /// The set in words: `a string or null`.
    pub(super) fn words(self) -> String {
        let number = if self.has(Self::FRACTION) {
            "a number"
        } else {
            "an integer"
        };
        let words: Vec<&str> = [
            (Self::STRING, "a string"),
            (Self::NUMBER, number),
            (Self::BOOL, "true or false"),
            (Self::LIST, "a list"),
            (Self::RECORD, "an object"),
            (Self::NULL, "null"),
        ]
        .into_iter()
        .filter(|(kind, _)| self.has(*kind))
        .map(|(_, word)| word)
        .collect();
        words.join(" or ")
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::ANY
    }
}

/// What bounds a number.
#[derive(Debug, Default)]
pub(super) struct NumberRules {
    pub(super) min: Option<Number>,
    pub(super) max: Option<Number>,
    pub(super) exclusive_min: Option<Number>,
    pub(super) exclusive_max: Option<Number>,
    pub(super) multiple_of: Option<Number>,
    /// The integers from here to there break none of these rules: no more need be asked.
    pub(super) whole: Option<(i64, i64)>,
}

/// What bounds a string.
#[derive(Debug, Default)]
pub(super) struct TextRules {
    pub(super) len: Option<Len>,
    pub(super) pattern: Option<Pattern>,
    pub(super) format: Option<Format>,
}

/// What bounds a list.
#[derive(Debug)]
pub(super) struct ListRules {
    pub(super) first: Box<[Id]>,
    pub(super) rest: Rest,
    pub(super) len: Option<Len>,
    pub(super) unique: bool,
}

/// What may come beyond what is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Anything, though nothing is said about it.
    Open,
    /// Anything, and a sealed record around it knows it.
    Named,
    Closed,
    Each(Id),
}

/// What bounds an object.
#[derive(Debug)]
pub(super) struct RecordRules {
    pub(super) fields: Box<[Field]>,
    /// One bit for each slot that must be filled.
    pub(super) required: Box<[u64]>,
    pub(super) rest: Rest,
    /// Nothing may stand here but what this node, its parts and the chosen arm name.
    pub(super) sealed: bool,
    pub(super) keys: Option<Id>,
    pub(super) len: Option<Len>,
}

/// One named property.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) node: Id,
    /// The field it fills: its own place, or for an alias that of the name proper.
    pub(super) slot: usize,
}

impl RecordRules {
    #[inline]
    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| *field.name == *key)
    }

    /// As [`field`](Self::field), where the keys probably come in the order of the fields.
    #[inline]
    pub(super) fn field_near(&self, position: usize, key: &str) -> Option<&Field> {
        let expected = self
            .fields
            .get(position)
            .filter(|field| *field.name == *key);
        expected.or_else(|| self.field(key))
    }

    /// The fields that must be filled.
    pub(super) fn required_fields(&self) -> impl Iterator<Item = &Field> {
        let proper = self
            .fields
            .iter()
            .enumerate()
            .filter(|(index, field)| field.slot == *index);
        proper
            .filter(|(slot, _)| self.required[slot / 64] & (1 << (slot % 64)) != 0)
            .map(|(_, field)| field)
    }

    /// The names that count: without the other spellings.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let proper = self
            .fields
            .iter()
            .enumerate()
            .filter(|(index, field)| field.slot == *index);
        proper.map(|(_, field)| &*field.name)
    }
}

/// Several schemas of which one applies.
#[derive(Debug)]
pub(super) enum Union {
    /// The value of one key says which.
    Tagged {
        key: Box<str>,
        arms: Box<[(Box<str>, Id)]>,
    },
    /// A string names a unit variant; else the only key of an object says which.
    Keyed {
        units: Box<[Box<str>]>,
        arms: Box<[(Box<str>, Id)]>,
    },
    /// Null, or the one schema.
    Nullable(Id),
    /// The first that fits.
    First(Box<[Id]>),
}
