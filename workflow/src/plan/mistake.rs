//! What is wrong with a plan: every mistake at once, each with its place.

use std::error::Error;
use std::fmt;

use enact_action_core::{Failure, params};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::limits::MOST_MISTAKES;
use super::place::{self, Place};

/// One mistake in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mistake {
    /// Where in the plan, as a JSON pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    /// What kind of mistake it is.
    pub code: Code,
    /// The rule of the action's params that is broken, where the code is [`Code::Param`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<params::Code>,
    /// What was found there.
    pub found: String,
    /// What is allowed there.
    pub allowed: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The kinds of mistake, each with a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The form of plans is broken: another JSON type, a malformed name or duration.
    Shape,
    /// The version of the form is none that is known.
    Version,
    /// There is no key of that name.
    UnknownKey,
    /// A key is missing.
    Missing,
    /// Two statements have one name.
    Duplicate,
    /// There is no such action, or none that this plan may use.
    UnknownAction,
    /// A literal breaks a rule of the action's params.
    Param,
    /// A reference names something that is nowhere.
    UnknownRef,
    /// A reference names what is made later, or itself.
    Later,
    /// A reference names what is made in another arm.
    Beside,
    /// A reference names what stays inside of a branch or a `for_each`.
    Inside,
    /// A reference points at what the output surely does not have.
    Absent,
    /// A value has a type that surely can't fit.
    Type,
    /// It can never run.
    Unreachable,
    /// A step that must not be run twice would be tried again.
    Retry,
    /// A step of a saga writes and can't be undone.
    NoUndo,
    /// A step may take longer than the plan.
    Time,
    /// A `stop` stands where others still run beside it.
    Stop,
    /// Two arms that run side by side write the same.
    Race,
    /// Too large.
    Limit,
    /// An input does not fit what the plan declares.
    Input,
}

impl Code {
    /// The code as it stands in JSON and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "plan.shape",
            Self::Version => "plan.version",
            Self::UnknownKey => "plan.unknown_key",
            Self::Missing => "plan.missing",
            Self::Duplicate => "plan.duplicate",
            Self::UnknownAction => "plan.unknown_action",
            Self::Param => "plan.param",
            Self::UnknownRef => "plan.unknown_ref",
            Self::Later => "plan.later",
            Self::Beside => "plan.beside",
            Self::Inside => "plan.inside",
            Self::Absent => "plan.absent",
            Self::Type => "plan.type",
            Self::Unreachable => "plan.unreachable",
            Self::Retry => "plan.retry",
            Self::NoUndo => "plan.no_undo",
            Self::Time => "plan.time",
            Self::Stop => "plan.stop",
            Self::Race => "plan.race",
            Self::Limit => "plan.limit",
            Self::Input => "plan.input",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.pointer.as_str() {
            "" => "the plan",
            pointer => pointer,
        };
        write!(
            f,
            "{}: found {}; allowed: {} [{}",
            place.escape_debug(),
            self.found,
            self.allowed,
            self.code
        )?;
        if let Some(rule) = self.rule {
            write!(f, ": {rule}")?;
        }
        f.write_str("]")?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Every mistake of one plan, in the order of its text.
///
/// Prints one a line for people, serializes as a JSON array for programs, and
/// [`for_model`](Self::for_model) is what a language model needs to get its next try right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Mistakes {
    list: Vec<Mistake>,
    #[serde(skip)]
    more: usize,
}

impl Mistakes {
    /// How many there are, the unlisted ones included; never 0.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// The listed ones, [`MOST_MISTAKES`] at most.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.list.iter()
    }

    /// The text for a language model: each place, what is wrong, what to write instead.
    pub fn for_model(&self) -> String {
        format!(
            "The plan was refused; nothing was done.\n- {}\nMend these and send the whole plan again.",
            self.to_string().replace('\n', "\n- ")
        )
    }

    /// The failure of whoever was to run the plan: terminal, code `plan.refused`.
    pub fn into_failure(self) -> Failure {
        Failure::terminal("plan.refused", self.for_model()).because(self)
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            mistake.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl Error for Mistakes {}

/// Gathers mistakes; beyond the most that are listed they are only counted.
#[derive(Debug, Default)]
pub(super) struct Notes {
    list: Vec<Mistake>,
    more: usize,
}

impl Notes {
    pub(super) fn add(
        &mut self,
        place: &Place<'_>,
        code: Code,
        found: impl Into<String>,
        allowed: impl Into<String>,
    ) {
        self.hinted(place, code, found, allowed, None);
    }

    pub(super) fn hinted(
        &mut self,
        place: &Place<'_>,
        code: Code,
        found: impl Into<String>,
        allowed: impl Into<String>,
        hint: Option<String>,
    ) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        self.push(Mistake {
            pointer: place.pointer(),
            code,
            rule: None,
            found: found.into(),
            allowed: allowed.into(),
            hint,
        });
    }

    pub(super) fn push(&mut self, mistake: Mistake) {
        if self.is_full() {
            self.more += 1;
        } else {
            self.list.push(mistake);
        }
    }

    /// Whether what else is found is only counted, so that no words need be found for it.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() == MOST_MISTAKES
    }

    /// `Ok(value)` where nothing was noted, else the mistakes in the order of the JSON.
    pub(super) fn into_result<T>(self, json: &Value, value: Option<T>) -> Result<T, Mistakes> {
        let Self { mut list, more } = self;
        match value {
            Some(value) if list.is_empty() => return Ok(value),
            Some(_) | None => {}
        }
        list.sort_by_cached_key(|mistake| place::positions(json, &mistake.pointer));
        Err(Mistakes { list, more })
    }
}
