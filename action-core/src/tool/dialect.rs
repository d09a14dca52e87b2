//! The vendors' dialects, and the envelope each puts around a tool's schema.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value, json};

use crate::spec::Effect;
use crate::tool::{Options, Source};

/// Whose JSON a tool is written in.
///
/// ```
/// use enact_action_core::tool::Dialect;
///
/// assert_eq!("openai-responses".parse(), Ok(Dialect::OpenAiResponses));
/// assert_eq!(Dialect::GeminiOpenApi.to_string(), "gemini-openapi");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `OpenAI`'s chat completions.
    OpenAi,
    /// `OpenAI`'s responses.
    OpenAiResponses,
    /// Anthropic's messages.
    Anthropic,
    /// Gemini's `parametersJsonSchema`.
    Gemini,
    /// Gemini's older `parameters`, the only one its live API takes.
    GeminiOpenApi,
    /// The Model Context Protocol.
    Mcp,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::OpenAi,
        Self::OpenAiResponses,
        Self::Anthropic,
        Self::Gemini,
        Self::GeminiOpenApi,
        Self::Mcp,
    ];

    /// The dialect's name, as `Display` prints and `FromStr` reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::OpenAiResponses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::GeminiOpenApi => "gemini-openapi",
            Self::Mcp => "mcp",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| UnknownDialect(name.to_owned()))
    }
}

/// A name that is no dialect's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown dialect `{0}`, expected one of openai, openai-responses, anthropic, gemini, \
     gemini-openapi, mcp"
)]
pub struct UnknownDialect(String);

/// The vendor's JSON around the params' schema.
pub(super) fn envelope(
    dialect: Dialect,
    options: Options,
    source: &Source<'_>,
    params: Value,
    output: Option<Value>,
) -> Value {
    let (name, description) = (source.name, &*description(source));
    match dialect {
        Dialect::OpenAi => json!({
            "type": "function",
            "function": {
                "name": name,
                "description": description,
                "strict": options.strict,
                "parameters": params,
            },
        }),
        Dialect::OpenAiResponses => json!({
            "type": "function",
            "name": name,
            "description": description,
            "strict": options.strict,
            "parameters": params,
        }),
        Dialect::Anthropic => {
            let mut tool = named(name, description);
            if options.strict {
                tool.insert("strict".to_owned(), Value::Bool(true));
            }
            tool.insert("input_schema".to_owned(), params);
            Value::Object(tool)
        }
        Dialect::Gemini => {
            let mut tool = named(name, description);
            tool.insert("parametersJsonSchema".to_owned(), params);
            Value::Object(tool)
        }
        Dialect::GeminiOpenApi => {
            let mut tool = named(name, description);
            // An object without properties is refused there; a tool without parameters is not.
            if params["properties"]
                .as_object()
                .is_some_and(|fields| !fields.is_empty())
            {
                tool.insert("parameters".to_owned(), params);
            }
            Value::Object(tool)
        }
        Dialect::Mcp => {
            let mut tool = Map::new();
            tool.insert("name".to_owned(), Value::from(name));
            if let Some(title) = source.title {
                tool.insert("title".to_owned(), Value::from(title));
            }
            tool.insert("description".to_owned(), Value::from(description));
            tool.insert("inputSchema".to_owned(), params);
            if let Some(output) = output {
                tool.insert("outputSchema".to_owned(), output);
            }
            tool.insert("annotations".to_owned(), hints(source));
            Value::Object(tool)
        }
    }
}

/// What it does, and that somebody is asked.
fn description<'a>(source: &Source<'a>) -> Cow<'a, str> {
    if source.confirm {
        let told = "Somebody may be asked to approve before it runs, and may refuse.";
        Cow::Owned(format!("{}\n\n{told}", source.description))
    } else {
        Cow::Borrowed(source.description)
    }
}

fn named(name: &str, description: &str) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), Value::from(name)),
        ("description".to_owned(), Value::from(description)),
    ])
}

fn hints(source: &Source<'_>) -> Value {
    let mut hints = Map::new();
    if let Some(title) = source.title {
        hints.insert("title".to_owned(), Value::from(title));
    }
    let effect = source.effect;
    hints.insert(
        "readOnlyHint".to_owned(),
        Value::Bool(effect == Effect::Read),
    );
    hints.insert(
        "destructiveHint".to_owned(),
        Value::Bool(effect != Effect::Read),
    );
    hints.insert(
        "idempotentHint".to_owned(),
        Value::Bool(effect != Effect::Write),
    );
    hints.insert("openWorldHint".to_owned(), Value::Bool(true));
    Value::Object(hints)
}
