//! What a tool is made from.

use serde_json::Value;

use crate::spec::Effect;

/// What a tool is made of; the registry fills it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Source<'a> {
    /// The action's name.
    pub name: &'a str,
    /// Its name for people.
    pub title: Option<&'a str>,
    /// What it does.
    pub description: &'a str,
    /// The canonical schema of its params.
    pub schema: &'a Value,
    /// The canonical schema of what it answers with.
    pub output: Option<&'a Value>,
    /// What running it does to the world.
    pub effect: Effect,
    /// Whether a call may need somebody's approval, which the description then tells.
    pub confirm: bool,
}

impl<'a> Source<'a> {
    /// A source without a title and without an output schema.
    pub const fn new(
        name: &'a str,
        description: &'a str,
        schema: &'a Value,
        effect: Effect,
    ) -> Self {
        Self {
            name,
            title: None,
            description,
            schema,
            output: None,
            effect,
            confirm: false,
        }
    }

    /// Says that a call may need somebody's approval.
    #[must_use]
    pub const fn confirm(self, confirm: bool) -> Self {
        Self { confirm, ..self }
    }

    /// Adds the name for people.
    #[must_use]
    pub const fn title(self, title: &'a str) -> Self {
        Self {
            title: Some(title),
            ..self
        }
    }

    /// Adds the canonical schema of what the action answers with.
    #[must_use]
    pub const fn output(self, output: &'a Value) -> Self {
        Self {
            output: Some(output),
            ..self
        }
    }
}

/// How a tool is built.
///
/// ```
/// use enact_action_core::tool::Options;
///
/// assert!(Options::default().strict);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether the vendor holds the model to the schema; `OpenAI` and Anthropic can, and then take
    /// less of JSON Schema.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { strict: true }
    }
}
