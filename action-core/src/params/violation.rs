//! What is wrong with params: every broken rule at once, each with its place.

use std::error::Error;
use std::fmt;

use serde::Serialize;

use super::show;

/// How many violations one reading lists; what is beyond them is counted, not listed.
pub const MOST_VIOLATIONS: usize = 100;

/// One broken rule of one param.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    /// Which rule.
    pub code: Code,
    /// What was found there; `[secret]` where the param is one.
    pub found: String,
    /// What is allowed there.
    pub allowed: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The rules that can be broken, each with a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// Another JSON type was found.
    Type,
    /// A param is missing.
    Required,
    /// There is no param of that name.
    Unknown,
    /// Below the smallest number.
    Min,
    /// Above the largest number.
    Max,
    /// Not above the exclusive lower bound.
    ExclusiveMin,
    /// Not below the exclusive upper bound.
    ExclusiveMax,
    /// Not a multiple.
    MultipleOf,
    /// Too short or too long: characters of text, items of a list, keys of a map.
    Len,
    /// The text does not match the pattern.
    Pattern,
    /// The text does not have the format.
    Format,
    /// Two items are alike.
    Unique,
    /// Not one of the listed values.
    OneOf,
    /// No variant fits.
    Variant,
    /// A param is given twice, under its name and under an alias.
    Twice,
    /// A check of the program refused.
    Check,
    /// Nested too deep, or too much work to read.
    Limit,
    /// The type itself could not be read, after its schema had accepted.
    Unreadable,
}

impl Code {
    /// The code as it stands in JSON and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Required => "required",
            Self::Unknown => "unknown",
            Self::Min => "min",
            Self::Max => "max",
            Self::ExclusiveMin => "exclusive_min",
            Self::ExclusiveMax => "exclusive_max",
            Self::MultipleOf => "multiple_of",
            Self::Len => "len",
            Self::Pattern => "pattern",
            Self::Format => "format",
            Self::Unique => "unique",
            Self::OneOf => "one_of",
            Self::Variant => "variant",
            Self::Twice => "twice",
            Self::Check => "check",
            Self::Limit => "limit",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the params".to_owned()
        } else {
            show::pointer(&self.pointer)
        };
        write!(
            f,
            "{place}: found {}; allowed: {} [{}]",
            self.found, self.allowed, self.code
        )?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Every violation of one reading, in the order of the document.
///
/// Prints one a line for people, serializes as a JSON array for programs, and
/// [`for_model`](Self::for_model) is what a language model needs to get its next try right.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Violations {
    list: Vec<Violation>,
    #[serde(skip)]
    more: usize,
}

impl Violations {
    /// How many there are, the unlisted ones included.
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The listed ones, [`MOST_VIOLATIONS`] at most.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// `Ok(value)` where there are none.
    ///
    /// # Errors
    /// These violations, where there are any.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// What is said where serde alone has read a value, and refused it.
    #[doc(hidden)]
    pub fn unreadable(found: String) -> Self {
        let mut violations = Self::default();
        violations.push(Violation {
            pointer: String::new(),
            code: Code::Unreadable,
            found,
            allowed: "what the type's own serde implementation reads".to_owned(),
            hint: None,
        });
        violations
    }

    /// The text for a language model: each place, what is wrong, what to send instead.
    pub fn for_model(&self) -> String {
        let mut text = String::from("The arguments were refused; nothing was done.\n");
        for violation in &self.list {
            text.push_str("- ");
            text.push_str(&violation.to_string());
            text.push('\n');
        }
        if self.more > 0 {
            text.push_str("- and ");
            text.push_str(&self.more.to_string());
            text.push_str(" more\n");
        }
        text.push_str("Mend these and call again.");
        text
    }

    /// The first ones, and how many there are besides.
    pub(crate) fn of(list: Vec<Violation>, more: usize) -> Self {
        Self { list, more }
    }

    pub(crate) fn push(&mut self, violation: Violation) {
        if self.list.len() < MOST_VIOLATIONS {
            self.list.push(violation);
        } else {
            self.more += 1;
        }
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            violation.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl Error for Violations {}
