//! What a model answered, run: its tool calls by name, side by side, each with an answer.

mod answer;
mod approving;
mod blocks;
mod error;
mod limits;
mod message;
mod one;
mod read;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;

pub use self::answer::{Answer, Answers};
pub use self::error::DispatchError;
pub use self::limits::CallLimits;
use self::one::Desk;
use crate::action::BoxFuture;
use crate::approval::Gate;
use crate::context::Context;
use crate::tool::{Dialect, ToolSet};

impl ToolSet {
    /// Bounds what one message of a model may ask for.
    #[must_use]
    pub fn limits(mut self, limits: CallLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the policy that decides about calls of actions marked `confirm`; without one, each
    /// waits in its [answer](Answers::waiting).
    ///
    /// The policy may ask somebody itself: it has as long as a call has.
    #[must_use]
    pub fn approve(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Runs the tool calls of what a model answered, and gives the answers in the vendor's shape.
    ///
    /// The message may be the vendor's whole response, the message within, its list of calls, or
    /// one call. Each call's arguments are decoded, the action runs under its own policy, and what
    /// comes of it goes back under the call's id: an answer, or what went wrong and what to send
    /// instead. No call loses the others: an unknown tool, arguments that are no JSON or break a
    /// rule, a failure, a panic, a timeout and a cancellation are all answers. A message without
    /// calls has none, which ends most loops.
    ///
    /// | dialect | a call | its answer |
    /// | --- | --- | --- |
    /// | `OpenAi` | in `tool_calls` | `{"role": "tool", "tool_call_id": …, "content": …}` |
    /// | `OpenAiResponses` | `function_call` | `{"type": "function_call_output", "call_id": …, "output": …}` |
    /// | `Anthropic` | `tool_use` | `{"type": "tool_result", "tool_use_id": …, "content": …}`, a failure with `is_error` |
    /// | `Gemini`, `GeminiOpenApi` | `functionCall` | `{"functionResponse": …}` with `output` or `error` |
    ///
    /// [Content](crate::content::Content) goes back in the vendor's form: images and PDF files as such, but for `OpenAi`, whose tools
    /// answer with text alone; what is left out is told in its place.
    ///
    /// Calls run side by side within [`CallLimits`], 8 at a time by default; answers are in the
    /// calls' order. Where the context has an idempotency key, each call has one of its own, made of
    /// it, the call's position and its id. Cancelling the context, or dropping the future, cancels
    /// what runs. Calls of other kinds, such as those that the vendor runs itself, are left alone.
    ///
    /// A call of an action marked `confirm` is not run: its answer says what it would do, and
    /// [`Answers::approve`] runs it, unless a [policy](Self::approve) has decided.
    ///
    /// Keep the set: the tools of a dialect are built once for it and its clones.
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
    /// let message = json!({"role": "assistant", "content": null, "tool_calls": [
    ///     {"id": "call_1", "type": "function",
    ///         "function": {"name": "add", "arguments": "{\"a\": 2, \"b\": 3}"}},
    ///     {"id": "call_2", "type": "function",
    ///         "function": {"name": "add", "arguments": "{\"a\": 2}"}},
    /// ]});
    /// let answers = enact::tools().dispatch(Dialect::OpenAi, &message, &Context::new()).await?;
    /// let next = answers.into_messages();
    /// assert_eq!(next[0], json!({"role": "tool", "tool_call_id": "call_1", "content": "5"}));
    /// let refused = next[1]["content"].as_str().unwrap();
    /// assert!(refused.contains("/b: found nothing; allowed: an integer"), "{refused}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where no call could be answered: the tools can't be built for the dialect, or this is not a
    /// message of the vendor's model.
    pub async fn dispatch(
        &self,
        dialect: Dialect,
        message: &Value,
        cx: &Context,
    ) -> Result<Answers, DispatchError> {
        let calls = message::calls(dialect, message)?;
        let desk = Desk {
            tools: self.built(dialect).map_err(DispatchError::tools)?,
            registry: &self.registry,
            limits: &self.limits,
            gate: &self.gate,
            dialect,
            cx,
        };
        let runs = calls.into_iter().enumerate().map(|(at, call)| {
            let answer = desk.answer(at, call);
            Box::pin(async move { (at, answer.await) }) as BoxFuture<'_, _>
        });
        let runs: Vec<_> = runs.collect();
        let most = self.limits.at_once.max(1);
        let mut answers: Vec<_> = stream::iter(runs).buffer_unordered(most).collect().await;
        answers.sort_by_key(|(at, _)| *at);
        let all = answers.into_iter().map(|(_, answer)| answer).collect();
        Ok(Answers::new(dialect, self.limits, all))
    }
}
