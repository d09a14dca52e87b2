//! Why a tool could not be built, and why a call could not be read.

use std::fmt;

use crate::tool::Dialect;

/// Every reason why one or more actions can't become tools of a vendor.
///
/// ```
/// use enact_action_core::Effect;
/// use enact_action_core::tool::{Dialect, Options, Source, build};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"a.b": {"type": "string"}},
///     "required": ["a.b"], "additionalProperties": false});
/// let source = Source::new("save", "Saves.", &schema, Effect::Write);
/// let error = build(Dialect::Gemini, Options::default(), &source).unwrap_err();
/// assert_eq!(error.refusals().len(), 1);
/// assert_eq!(error.refusals()[0].field(), "/a.b");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolError {
    refusals: Vec<Refusal>,
}

impl ToolError {
    /// What is refused at several places for one reason is told once.
    pub(super) fn new(all: Vec<Refusal>) -> Self {
        let mut refusals: Vec<Refusal> = Vec::new();
        for refusal in all {
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
        Self { refusals }
    }

    /// All of them, in the order of the actions and of their fields.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.refusals.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{refusal}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ToolError {}

/// One thing a vendor can't express, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("action `{action}`{at}: {dialect} refuses `{keyword}`: {why}; {cure}", at = At(field))]
pub struct Refusal {
    pub(super) dialect: Dialect,
    pub(super) action: String,
    pub(super) field: String,
    pub(super) keyword: String,
    pub(super) why: String,
    pub(super) cure: String,
}

impl Refusal {
    /// The vendor's dialect that can't say it.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The action's name.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The JSON pointer of the param, with `*` for any item or entry; `/$defs/…` for a type used in
    /// several places; empty for the params as a whole.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The JSON Schema keyword that is refused.
    pub fn keyword(&self) -> &str {
        &self.keyword
    }

    /// The vendor's rule.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What to change.
    pub fn cure(&self) -> &str {
        &self.cure
    }
}

struct At<'a>(&'a String);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ", param `{}`", self.0)
        }
    }
}

/// Why a vendor's arguments can't be params at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the arguments of `{tool}` are {found}, not an object")]
pub struct DecodeError {
    pub(super) tool: String,
    pub(super) found: &'static str,
}

impl DecodeError {
    /// The tool's name.
    pub fn tool(&self) -> &str {
        &self.tool
    }
}
