//! The actions of a registry as a set of tools.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::{CallLimits, Dialect, Options, Source, Tool, ToolError, build_set};
use crate::approval::Gate;
use crate::registry::{Entry, Registry};

/// The actions of a registry as language models see them.
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// # /// Finds the weather of a city.
/// # #[derive(Action)]
/// # #[action(effect = read)]
/// # struct GetWeather { #[doc = "City name."] city: String }
/// # impl Run for GetWeather {
/// #     type Output = String;
/// #     async fn run(&self, _cx: &Context) -> Result<String, Failure> { Ok("rain".to_owned()) }
/// # }
/// let tools = enact::tools().openai()?;
/// assert_eq!(tools[0]["function"]["name"], "get_weather");
/// assert_eq!(tools[0]["function"]["strict"], true);
/// # Ok::<(), enact::tool::ToolError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ToolSet {
    pub(super) registry: Registry,
    pub(super) limits: CallLimits,
    pub(super) gate: Gate,
    options: Options,
    built: Arc<Built>,
}

/// The tools of each dialect, in the order of [`Dialect::ALL`], built when first asked for.
type Built = [OnceLock<Result<Vec<Tool>, ToolError>>; Dialect::ALL.len()];

/// The program's actions as tools.
///
/// # Panics
/// As [`Registry::global`].
pub fn tools() -> ToolSet {
    Registry::global().tools()
}

impl Registry {
    /// The actions as tools; what a view leaves out is no tool either.
    pub fn tools(&self) -> ToolSet {
        ToolSet {
            registry: self.clone(),
            limits: CallLimits::default(),
            gate: Gate::default(),
            options: Options::default(),
            built: Arc::default(),
        }
    }
}

impl ToolSet {
    /// Whether vendors shall hold the model to the schema, where they can; they do by default.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.options.strict = strict;
        self.built = Arc::default();
        self
    }

    /// The tools for OpenAI's chat completions.
    ///
    /// # Errors
    /// Everything the vendor can't express, each with action, param and keyword.
    pub fn openai(&self) -> Result<Value, ToolError> {
        self.json(Dialect::OpenAi)
    }

    /// The tools for OpenAI's responses.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn openai_responses(&self) -> Result<Value, ToolError> {
        self.json(Dialect::OpenAiResponses)
    }

    /// The tools for Anthropic's messages.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn anthropic(&self) -> Result<Value, ToolError> {
        self.json(Dialect::Anthropic)
    }

    /// The function declarations for Gemini, with `parametersJsonSchema`.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn gemini(&self) -> Result<Value, ToolError> {
        self.json(Dialect::Gemini)
    }

    /// The function declarations for Gemini where it takes only `parameters`.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn gemini_openapi(&self) -> Result<Value, ToolError> {
        self.json(Dialect::GeminiOpenApi)
    }

    /// The tools as an MCP server lists them.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn mcp(&self) -> Result<Value, ToolError> {
        self.json(Dialect::Mcp)
    }

    /// The tools in any dialect, as a JSON array.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn json(&self, dialect: Dialect) -> Result<Value, ToolError> {
        let tools = self.built(dialect).map_err(ToolError::clone)?;
        Ok(tools.iter().map(|tool| tool.json().clone()).collect())
    }

    /// The tools with what decodes a model's arguments.
    ///
    /// # Errors
    /// As [`openai`](Self::openai).
    pub fn build(&self, dialect: Dialect) -> Result<Vec<Tool>, ToolError> {
        self.built(dialect)
            .map(<[_]>::to_vec)
            .map_err(ToolError::clone)
    }

    /// The same, built once.
    pub(super) fn built(&self, dialect: Dialect) -> Result<&[Tool], &ToolError> {
        let built = self.built[dialect as usize]
            .get_or_init(|| build_set(dialect, self.options, self.registry.iter().map(source)));
        built.as_deref()
    }
}

fn source(entry: &'static Entry) -> Source<'static> {
    let spec = entry.spec();
    let source = Source::new(spec.name, spec.description, entry.schema(), spec.effect);
    let source = source
        .output(entry.output_schema())
        .confirm(spec.confirm.is_some());
    match spec.title {
        Some(title) => source.title(title),
        None => source,
    }
}
