//! One call from its arguments to its answer.

use std::io::{self, Write};

use serde_json::{Map, Value};
use tokio::time::{Instant, timeout};

use super::CallLimits;
use super::answer::Answer;
use super::read::Call;
use crate::approval::{Decision, Gate, Preview, Proposal, refusal};
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
    pub(super) gate: &'a Gate,
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
        let came = if at < self.limits.calls {
            let key = id.as_deref().unwrap_or_default();
            let cx = self.keyed(at, key);
            let came = self.come(&name, arguments, &cx).await;
            came.unwrap_or_else(|failure| Came::Ended(Err(failure)))
        } else {
            Came::Ended(Err(self.too_many()))
        };
        let entry = self.registry.get(&name);
        let has_content = entry.is_some_and(Entry::answers_with_content);
        let answer = Answer::unanswered(id, name, has_content);
        answer.of(self.dialect, came, self.limits.answer)
    }

    async fn come(&self, name: &str, arguments: Value, cx: &Context) -> Result<Came, Failure> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name() == name) else {
            return Err(self.registry.unknown(name));
        };
        let arguments = self.object(arguments)?;
        let params = tool.params(arguments)?;
        let asks = self.registry.get(name);
        match asks.filter(|entry| entry.spec().confirm.is_some()) {
            Some(entry) => self.decided(entry.propose(params, cx)?).await,
            None => {
                let cx = within(cx, self.limits);
                Ok(Came::Ended(self.registry.call(name, params, &cx).await))
            }
        }
    }

    /// Runs what is approved already; what is not, waits.
    async fn decided(&self, proposal: Proposal) -> Result<Came, Failure> {
        let decision = match proposal.question() {
            None => Decision::Allow,
            Some(_) => timeout(self.limits.deadline, self.gate.decide(&proposal))
                .await
                .map_err(|_| refusal::unanswered())?,
        };
        match decision {
            Decision::Allow => Ok(Came::Ended(run(&proposal, self.limits).await)),
            Decision::Deny(reason) => Err(refusal::denied(&reason)),
            Decision::Ask => {
                let preview = proposal.preview().await?;
                Ok(Came::Waits(Box::new(Waiting { proposal, preview })))
            }
        }
    }

    /// The call's own context: with a key that no other call of the message has.
    fn keyed(&self, at: usize, id: &str) -> Context {
        match self.cx.idempotency_key() {
            Some(key) => self.cx.clone().keyed(format!("{key}/{at}/{id}")),
            None => self.cx.clone(),
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

/// What came of a call.
#[derive(Debug)]
pub(super) enum Came {
    /// It ran, or won't.
    Ended(Result<Value, Failure>),
    /// It waits for approval.
    Waits(Box<Waiting>),
}

/// A call that waits for approval.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) proposal: Proposal,
    pub(super) preview: Preview,
}

/// Runs an approved call; its time begins now.
pub(super) async fn run(proposal: &Proposal, limits: &CallLimits) -> Result<Value, Failure> {
    proposal.run(&within(proposal.context(), limits)).await
}

fn within(cx: &Context, limits: &CallLimits) -> Context {
    match Instant::now().checked_add(limits.deadline) {
        Some(deadline) => cx.clone().until(deadline),
        None => cx.clone(),
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
