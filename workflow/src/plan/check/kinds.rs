//! Sets of JSON types.

use std::fmt;

use enact_action_core::__private::number;
use serde_json::Value;

/// A set of JSON types; a whole number is a type of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOL: Self = Self(2);
    pub(super) const WHOLE: Self = Self(4);
    pub(super) const NUMBER: Self = Self(4 | 8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const LIST: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ANY: Self = Self(127);

    /// What can be ordered.
    pub(super) const ORDERED: Self = Self::NUMBER.or(Self::STRING);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.and(other) != Self::NONE
    }

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOL,
            Value::Number(found) if number::is_integer(found) => Self::WHOLE,
            Value::Number(_) => Self::NUMBER.without(Self::WHOLE),
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::LIST,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOL,
            "integer" => Self::WHOLE,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::LIST,
            "object" => Self::OBJECT,
            _ => Self::ANY,
        }
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = if self.and(Self::NUMBER) == Self::WHOLE {
            "a whole number"
        } else {
            "a number"
        };
        let names = [
            (Self::BOOL, "true or false"),
            (Self::NUMBER, number),
            (Self::STRING, "text"),
            (Self::LIST, "a list"),
            (Self::OBJECT, "an object"),
            (Self::NULL, "null"),
        ];
        let mut names = names.iter().filter(|(kinds, _)| self.meets(*kinds));
        f.write_str(names.next().map_or("nothing", |(_, name)| name))?;
        names.try_for_each(|(_, name)| write!(f, " or {name}"))
    }
}
