//! Builds tools, one or a request's worth, and converts their arguments.

use std::collections::HashSet;

use serde_json::Value;

use crate::params::Violations;
use crate::tool::codec::Codecs;
use crate::tool::read::Fault;
use crate::tool::rules::Rules;
use crate::tool::{DecodeError, Dialect, Options, Refusal, Source, ToolError};
use crate::tool::{dialect as envelopes, limits, lower, plain, read, rules};

/// An action as one vendor's models see it.
#[derive(Debug, Clone)]
pub struct Tool {
    pub(super) name: String,
    dialect: Dialect,
    pub(super) json: Value,
    codecs: Codecs,
}

impl Tool {
    /// The action's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose JSON it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The vendor's JSON, as it goes into a request.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Turns the vendor's arguments into params.
    ///
    /// It undoes what building the tool changed and nothing else: it invents no value, and
    /// what it can't read it leaves as it is, so that reading the params reports it.
    ///
    /// # Errors
    ///
    /// When the arguments are not an object.
    ///
    /// ```
    /// use enact_action_core::Effect;
    /// use enact_action_core::tool::{Dialect, Options, Source, build};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "properties": {"limit": {"type": "integer"}},
    ///     "required": [], "additionalProperties": false});
    /// let source = Source::new("list", "Lists.", &schema, Effect::Read);
    /// let tool = build(Dialect::OpenAi, Options::default(), &source)?;
    /// assert_eq!(tool.decode(json!({"limit": null}))?, json!({}));
    /// assert_eq!(tool.decode(json!({"limit": "ten"}))?, json!({"limit": "ten"}));
    /// assert!(tool.decode(json!("ten")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decode(&self, args: Value) -> Result<Value, DecodeError> {
        let found = match &args {
            Value::Object(_) => return Ok(self.codecs.decode(args).0),
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
        };
        Err(DecodeError {
            tool: self.name.clone(),
            found,
        })
    }

    /// Turns the vendor's arguments into params that may be read, as [`ToolSet::dispatch`](super::ToolSet::dispatch) does.
    ///
    /// It is [`decode`](Self::decode), but for what the vendor's schema allows and no params say: in a list that stands for a map, a
    /// key that is there twice. Reading the params would tell the model of a map, which it can't send.
    ///
    /// # Errors
    ///
    /// When there is such a thing in the arguments.
    ///
    /// ```
    /// use enact_action_core::Effect;
    /// use enact_action_core::tool::{Dialect, Options, Source, build};
    /// use serde_json::json;
    ///
    /// let bag = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    /// let schema = json!({"type": "object", "properties": {"bag": bag},
    ///     "required": ["bag"], "additionalProperties": false});
    /// let source = Source::new("pack", "Packs.", &schema, Effect::Write);
    /// let tool = build(Dialect::Anthropic, Options::default(), &source)?;
    /// let pear = json!({"key": "pear", "value": 1});
    /// let found = tool.params(json!({"bag": [pear, pear]})).unwrap_err();
    /// assert_eq!(found.to_string(), "/bag: found the same key at 0 and at 1; allowed: each key once [twice]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn params(&self, args: Value) -> Result<Value, Violations> {
        if !args.is_object() {
            return Ok(args);
        }
        let (params, found) = self.codecs.decode(args);
        found.into_result(params)
    }

    /// Turns params into the vendor's arguments, for tests and for examples in a prompt.
    ///
    /// ```
    /// use enact_action_core::Effect;
    /// use enact_action_core::tool::{Dialect, Options, Source, build};
    /// use serde_json::json;
    ///
    /// let point = json!({"type": "array", "minItems": 2, "maxItems": 2,
    ///     "prefixItems": [{"type": "number"}, {"type": "number"}]});
    /// let schema = json!({"type": "object", "properties": {"at": point},
    ///     "required": ["at"], "additionalProperties": false});
    /// let source = Source::new("look", "Looks.", &schema, Effect::Read);
    /// let tool = build(Dialect::Anthropic, Options::default(), &source)?;
    /// assert_eq!(tool.encode(json!({"at": [1, 2]})), json!({"at": {"item0": 1, "item1": 2}}));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encode(&self, params: Value) -> Value {
        self.codecs.encode(params)
    }
}

/// Builds one tool, checked against the limits of a request that holds only it.
///
/// # Errors
///
/// When the vendor can't express the action; the error holds every reason.
pub fn build(dialect: Dialect, options: Options, source: &Source<'_>) -> Result<Tool, ToolError> {
    let tool = build_one(dialect, options, source)?;
    let faults = limits::set(dialect, options, std::slice::from_ref(&tool));
    let refusals: Vec<_> = faults
        .into_iter()
        .map(|(name, fault)| refusal(dialect, &name, fault))
        .collect();
    if refusals.is_empty() {
        Ok(tool)
    } else {
        Err(ToolError::new(refusals))
    }
}

/// Builds the tools of one request, checked against the limits of the request as a whole.
///
/// # Errors
///
/// When two have one name, when the vendor can't express one of them, or when they are too much
/// for one request; the error holds every reason.
///
/// ```
/// use enact_action_core::Effect;
/// use enact_action_core::tool::{Dialect, Options, Source, build_set};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
/// let ping = Source::new("ping", "Answers.", &schema, Effect::Read);
/// let error = build_set(Dialect::Mcp, Options::default(), [ping, ping]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "action `ping`: mcp refuses `name`: another action has the same name; rename one of them",
/// );
/// ```
pub fn build_set<'a>(
    dialect: Dialect,
    options: Options,
    sources: impl IntoIterator<Item = Source<'a>>,
) -> Result<Vec<Tool>, ToolError> {
    let mut refusals = Vec::new();
    let mut tools: Vec<Tool> = Vec::new();
    let mut names = HashSet::new();
    for source in sources {
        if !names.insert(source.name) {
            let why = "another action has the same name";
            let fault = Fault::new("", "name", why, "rename one of them");
            refusals.push(refusal(dialect, source.name, fault));
        }
        match build_one(dialect, options, &source) {
            Ok(tool) => tools.push(tool),
            Err(error) => refusals.extend(error.refusals().iter().cloned()),
        }
    }
    for (name, fault) in limits::set(dialect, options, &tools) {
        refusals.push(refusal(dialect, &name, fault));
    }
    if refusals.is_empty() {
        Ok(tools)
    } else {
        Err(ToolError::new(refusals))
    }
}

fn build_one(dialect: Dialect, options: Options, source: &Source<'_>) -> Result<Tool, ToolError> {
    let refuse = |faults: Vec<Fault>| {
        let refusals = faults
            .into_iter()
            .map(|fault| refusal(dialect, source.name, fault));
        ToolError::new(refusals.collect())
    };
    let mut faults = Vec::new();
    if let Some(rule) = rules::refuses_name(dialect, source.name) {
        faults.push(Fault::new(
            "",
            "name",
            rule,
            "rename it with `#[action(name = \"…\")]`",
        ));
    }
    let schema = plain::plain(source.schema);
    let params = read::read(&schema)
        .and_then(|shape| lower::lower(&schema, &shape, Rules::params(dialect, options)));
    let output = match (dialect, source.output) {
        (Dialect::Mcp, Some(output)) if output["type"] == "object" => {
            let output = plain::plain(output);
            read::read(&output)
                .and_then(|shape| lower::lower(&output, &shape, &rules::OUTPUT))
                .map(|(schema, _)| Some(schema))
        }
        _ => Ok(None),
    };
    match (params, output) {
        (Ok((schema, codecs)), Ok(output)) => {
            faults.extend(limits::tool(dialect, options, &schema));
            if !faults.is_empty() {
                return Err(refuse(faults));
            }
            let json = envelopes::envelope(dialect, options, source, schema, output);
            Ok(Tool {
                name: source.name.to_owned(),
                dialect,
                json,
                codecs,
            })
        }
        (params, output) => {
            faults.extend(params.err().into_iter().flatten());
            faults.extend(output.err().into_iter().flatten());
            Err(refuse(faults))
        }
    }
}

fn refusal(dialect: Dialect, action: &str, fault: Fault) -> Refusal {
    let Fault {
        field,
        keyword,
        why,
        cure,
    } = fault;
    Refusal {
        dialect,
        action: action.to_owned(),
        field,
        keyword,
        why,
        cure,
    }
}
