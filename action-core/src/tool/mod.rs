//! Actions as the tools of language models, in the exact JSON each vendor accepts.
//!
//! An action has one canonical JSON Schema. A vendor takes only part of JSON Schema, and each
//! takes another part, so [`build`] writes the schema anew for the vendor's [`Dialect`]:
//!
//! - A keyword the vendor understands stays a keyword.
//! - One it doesn't becomes words in the description: "1 to 80 characters."
//! - A structure it doesn't have becomes another one with an exact inverse: a map becomes a list
//!   of keys and values, a tuple an object of `item0`, `item1`, …, any JSON a text, a missing
//!   param null, a number in an enum of strings its text. [`Tool::decode`] turns the arguments of
//!   a call back into params, [`Tool::encode`] params into such arguments.
//! - What can't be expressed at all is refused: a [`ToolError`] holds every [`Refusal`] with the
//!   action, the param, the keyword, the vendor's rule and what to do.
//!
//! What a model then answers goes to [`ToolSet::dispatch`], which runs its calls and writes what
//! came of each in the vendor's shape.
//!
//! Nothing is dropped silently, with three exceptions that change no value the action accepts from
//! a well-meaning model: other spellings of a key (`x-alias`) and the crate's own `x-` keywords
//! stay inside; an object that ignores unknown keys is closed where the vendor knows only closed
//! objects; and the bounds of `i64` and `u64` themselves are not told to models that would not
//! exceed them.
//!
//! ```
//! use enact_action_core::Effect;
//! use enact_action_core::tool::{Dialect, Options, Source, build};
//! use serde_json::json;
//!
//! let schema = json!({
//!     "type": "object",
//!     "properties": {
//!         "to": {"type": "string", "format": "email", "description": "Who gets it."},
//!         "headers": {"type": "object", "additionalProperties": {"type": "string"}},
//!     },
//!     "required": ["to"],
//!     "additionalProperties": false,
//! });
//! let source = Source::new("send_mail", "Sends a mail.", &schema, Effect::Write);
//! let tool = build(Dialect::OpenAi, Options::default(), &source)?;
//!
//! let headers = &tool.json()["function"]["parameters"]["properties"]["headers"];
//! assert_eq!(headers["anyOf"][0]["type"], "array");
//! let params = tool.decode(json!({
//!     "to": "ada@example.org",
//!     "headers": [{"key": "X-Mood", "value": "good"}],
//! }))?;
//! assert_eq!(params, json!({"to": "ada@example.org", "headers": {"X-Mood": "good"}}));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod calls;
mod codec;
mod describe;
mod dialect;
mod error;
mod fit;
mod limits;
mod lower;
mod plain;
mod read;
mod rules;
mod set;
mod shape;
mod source;
#[cfg(test)]
mod tests;

pub use self::build::{Tool, build, build_set};
pub use self::calls::{Answer, Answers, CallLimits, DispatchError};
pub use self::dialect::{Dialect, UnknownDialect};
pub use self::error::{DecodeError, Refusal, ToolError};
pub use self::set::{ToolSet, tools};
pub use self::source::{Options, Source};
