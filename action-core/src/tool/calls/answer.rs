//! What goes back for each call, in the vendor's shape.

use serde_json::{Value, json};

use super::CallLimits;
use super::blocks::{self, Written};
use super::one::{Came, Waiting};
use crate::approval::refusal;
use crate::content::Content;
use crate::failure::Failure;
use crate::tool::Dialect;

/// The answers to the calls of one message, in the calls' order.
#[derive(Debug)]
pub struct Answers {
    pub(super) dialect: Dialect,
    pub(super) limits: CallLimits,
    pub(super) all: Vec<Answer>,
}

impl Answers {
    pub(super) fn new(dialect: Dialect, limits: CallLimits, all: Vec<Answer>) -> Self {
        Self {
            dialect,
            limits,
            all,
        }
    }

    /// How many calls were answered.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the message had no calls: the model has said what it had to say.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Each answer.
    pub fn iter(&self) -> std::slice::Iter<'_, Answer> {
        self.all.iter()
    }

    /// What goes into the conversation behind the model's own message.
    ///
    /// For `OpenAI` a message or an item for each call, for Anthropic and Gemini one message of the
    /// user that holds them all; nothing where there were no calls.
    ///
    /// ```
    /// # extern crate enact_action_core as enact;
    /// # use enact::prelude::*;
    /// # /// Adds two numbers.
    /// # #[derive(Action)]
    /// # #[action(effect = read)]
    /// # struct Add { #[doc = "First."] a: i32, #[doc = "Second."] b: i32 }
    /// # impl Run for Add {
    /// #     type Output = i32;
    /// #     async fn run(&self, _cx: &Context) -> Result<i32, Failure> { Ok(self.a + self.b) }
    /// # }
    /// use enact::tool::Dialect;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let call = json!({"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"a": 2, "b": 3}});
    /// let answers = enact::tools().dispatch(Dialect::Anthropic, &call, &Context::new()).await?;
    /// assert_eq!(answers.into_messages(), [json!({"role": "user", "content": [
    ///     {"type": "tool_result", "tool_use_id": "toolu_1", "content": "5"},
    /// ]})]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_messages(self) -> Vec<Value> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let each = self.all.into_iter().map(|answer| answer.json);
        match self.dialect {
            Dialect::Anthropic => vec![json!({"role": "user", "content": each.collect::<Value>()})],
            Dialect::Gemini | Dialect::GeminiOpenApi => {
                vec![json!({"role": "user", "parts": each.collect::<Value>()})]
            }
            Dialect::OpenAi | Dialect::OpenAiResponses | Dialect::Mcp => each.collect(),
        }
    }
}

impl<'a> IntoIterator for &'a Answers {
    type Item = &'a Answer;
    type IntoIter = std::slice::Iter<'a, Answer>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What an action has answered.
pub(super) enum Said {
    Json(Value),
    Content(Content),
}

/// What goes back for one call.
#[derive(Debug)]
pub struct Answer {
    id: Option<String>,
    tool: String,
    failure: Option<Failure>,
    pub(super) waits: Option<Box<Waiting>>,
    /// Whether the tool answers with content.
    has_content: bool,
    json: Value,
}

impl Answer {
    /// The answer to a call of that tool, before anything came of it.
    pub(super) fn unanswered(id: Option<String>, tool: String, has_content: bool) -> Self {
        Self {
            id,
            tool,
            failure: None,
            waits: None,
            has_content,
            json: Value::Null,
        }
    }

    /// This, of what came of the call; with at most so many bytes of text.
    pub(super) fn of(mut self, dialect: Dialect, came: Came, most: usize) -> Self {
        let outcome = match came {
            Came::Ended(outcome) => outcome,
            Came::Waits(waiting) => {
                let failure = refusal::needed(&waiting.preview);
                self.waits = Some(waiting);
                Err(failure)
            }
        };
        self.end(dialect, outcome, most);
        self
    }

    /// Answers with what came of the call.
    pub(super) fn end(&mut self, dialect: Dialect, outcome: Result<Value, Failure>, most: usize) {
        let said = outcome.and_then(|output| {
            if self.has_content {
                Ok(Said::Content(serde_json::from_value(output)?))
            } else {
                Ok(Said::Json(output))
            }
        });
        let (said, failure) = match said {
            Ok(said) => (said, None),
            Err(failure) => {
                let text = Value::String(failure.for_model());
                (Said::Json(text), Some(failure))
            }
        };
        self.failure = failure;
        self.json = self.written(dialect, said, most);
    }

    /// The call's id, where the vendor gave it one.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The name that the model called, which need not be a tool's.
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// Why the call has failed, where it has; `confirm.needed`, where it waits for approval.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The vendor's JSON.
    pub fn json(&self) -> &Value {
        &self.json
    }

    fn written(&self, dialect: Dialect, said: Said, most: usize) -> Value {
        let Written { said, parts } = match (said, dialect) {
            (Said::Content(content), _) => blocks::written(dialect, content, most),
            (Said::Json(said), Dialect::Gemini | Dialect::GeminiOpenApi) => {
                whole_or_cut(said, most).into()
            }
            (Said::Json(said), _) => Value::from(text(said, most)).into(),
        };
        let id = self.id.as_deref().map(Value::from);
        let failed = self.failure.is_some();
        match dialect {
            Dialect::OpenAi | Dialect::Mcp => object([
                ("role", Some("tool".into())),
                ("tool_call_id", id),
                ("content", Some(said)),
            ]),
            Dialect::OpenAiResponses => object([
                ("type", Some("function_call_output".into())),
                ("call_id", id),
                ("output", Some(said)),
            ]),
            Dialect::Anthropic => object([
                ("type", Some("tool_result".into())),
                ("tool_use_id", id),
                ("content", Some(said)),
                ("is_error", failed.then_some(Value::Bool(true))),
            ]),
            Dialect::Gemini | Dialect::GeminiOpenApi => {
                let key = if failed { "error" } else { "output" };
                let response = object([(key, Some(said))]);
                let inner = object([
                    ("id", id),
                    ("name", Some(self.tool.as_str().into())),
                    ("response", Some(response)),
                    ("parts", (!parts.is_empty()).then(|| parts.into())),
                ]);
                object([("functionResponse", Some(inner))])
            }
        }
    }
}

/// An object of the fields that are there.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields.into_iter();
    fields
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

/// Text as it is, anything else as JSON.
fn text(said: Value, most: usize) -> String {
    let text = match said {
        Value::String(text) => text,
        other => other.to_string(),
    };
    cut(text, most)
}

fn whole_or_cut(said: Value, most: usize) -> Value {
    match said {
        Value::String(text) => Value::String(cut(text, most)),
        other => {
            let text = other.to_string();
            if text.len() <= most {
                other
            } else {
                Value::String(cut(text, most))
            }
        }
    }
}

/// The text, which says so where it was longer.
pub(super) fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let begin = &text[..text.floor_char_boundary(most)];
    format!("{begin}\n[cut: {} of {} bytes]", begin.len(), text.len())
}
