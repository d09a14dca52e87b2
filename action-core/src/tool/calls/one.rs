//! One call from its arguments to its answer.

use std::io::{self, Write};

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::CallLimits;
use super::answer::{Answer, Said};
use super::read::Call;
use crate::context::Context;
use crate::failure::Failure;
use crate::params::{Code, Violation, Violations, show};
use crate::registry::{Entry, Registry};
use crate::tool::{Dialect, Tool};

/// Where the calls of one message are answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) tools: &'a [Tool],
    pub(super) registry: &'a Registry,
    pub(super) limits: &'a CallLimits,
    pub(super) dialect: Dialect,
    pub(super) cx: &'a Context,
}

impl Desk<'_> {
    /// Runs the call at that position of its message.
    pub(super) async fn answer(self, at: usize, call: Call) -> Answer {
        let Call {
            id,
            name,
            arguments,
        } = call;
        let outcome = if at < self.limits.calls {
            let key = id.as_deref().unwrap_or_default();
            self.run(&name, arguments, self.context(at, key)).await
        } else {
            Err(self.too_many())
        };
        Answer::new(self.dialect, id, name, outcome, self.limits.answer)
    }

    async fn run(&self, name: &str, arguments: Value, cx: Context) -> Result<Said, Failure> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name() == name) else {
            return Err(self.registry.unknown(name));
        };
        let arguments = self.object(arguments)?;
        let params = tool.decode(arguments)?;
        let output = self.registry.call(name, params, &cx).await?;
        let has_content = self
            .registry
            .get(name)
            .is_some_and(Entry::answers_with_content);
        if !has_content {
            return Ok(Said::Json(output));
        }
        let content = serde_json::from_value(output);
        content.map(Said::Content).map_err(Failure::from)
    }

    /// The call's own context: its deadline, and a key that no other call of the message has.
    fn context(&self, at: usize, id: &str) -> Context {
        let cx = match Instant::now().checked_add(self.limits.deadline) {
            Some(deadline) => self.cx.clone().until(deadline),
            None => self.cx.clone(),
        };
        match self.cx.idempotency_key() {
            Some(key) => {
                let key = format!("{key}/{at}/{id}");
                cx.keyed(key)
            }
            None => cx,
        }
    }

    /// The arguments as an object: parsed where they are text, none where there are none.
    fn object(&self, arguments: Value) -> Result<Value, Violations> {
        let size = match &arguments {
            Value::String(text) => text.len(),
            other => size(other),
        };
        if size > self.limits.arguments {
            let allowed = format!("at most {} bytes of JSON", self.limits.arguments);
            return Err(refused(Code::Limit, format!("{size} bytes"), allowed));
        }
        let arguments = match arguments {
            Value::String(text) if text.trim().is_empty() => Value::Null,
            Value::String(text) => serde_json::from_str(&text).map_err(|error| {
                let found = format!("text that is not JSON, {error}");
                refused(Code::Type, found, "one JSON object".to_owned())
            })?,
            other => other,
        };
        match arguments {
            Value::Null => Ok(Value::Object(Map::new())),
            object @ Value::Object(_) => Ok(object),
            other => {
                let allowed = "one JSON object".to_owned();
                Err(refused(Code::Type, show::value(&other), allowed))
            }
        }
    }

    fn too_many(&self) -> Failure {
        let text = format!(
            "nothing was done, since one message may hold {} calls; call this again by itself",
            self.limits.calls
        );
        Failure::terminal("calls.too_many", text)
    }
}

/// One violation of the arguments as a whole.
fn refused(code: Code, found: String, allowed: String) -> Violations {
    let violation = Violation {
        pointer: String::new(),
        code,
        found,
        allowed,
        hint: None,
    };
    Violations::of(vec![violation], 0)
}

/// How many bytes a value has as JSON.
fn size(value: &Value) -> usize {
    struct Counter(usize);

    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}
