//! Calls that wait until somebody approves of them.

use super::answer::{Answer, Answers};
use super::one;
use crate::approval::{Preview, refusal};
use crate::failure::Failure;

impl Answers {
    /// The calls that wait for approval, by their positions, and what each would do.
    ///
    /// ```
    /// # extern crate enact_action_core as enact;
    /// # use enact::prelude::*;
    /// /// Pays money back.
    /// #[derive(Action)]
    /// #[action(confirm = "Pay this back?")]
    /// struct Refund {
    ///     /// How much.
    ///     cents: u32,
    /// }
    /// # impl Run for Refund {
    /// #     type Output = String;
    /// #     async fn run(&self, _cx: &Context) -> Result<String, Failure> { Ok(format!("paid {}", self.cents)) }
    /// # }
    /// use enact::tool::Dialect;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let call = json!([
    ///     {"type": "tool_use", "id": "a", "name": "refund", "input": {"cents": 500}},
    ///     {"type": "tool_use", "id": "b", "name": "refund", "input": {"cents": 90_000}},
    /// ]);
    /// let mut answers = enact::tools().dispatch(Dialect::Anthropic, &call, &Context::new()).await?;
    /// let waiting: Vec<_> = answers.waiting().map(|(at, preview)| (at, preview.clone())).collect();
    /// for (at, preview) in waiting {
    ///     // Here a person would read `preview` and decide.
    ///     if preview.params["cents"].as_u64() < Some(1_000) {
    ///         answers.approve(at).await;
    ///     } else {
    ///         answers.deny(at, "not so much");
    ///     }
    /// }
    /// let codes: Vec<_> = answers.iter().map(|answer| answer.failure().map(Failure::code)).collect();
    /// assert_eq!(codes, [None, Some("confirm.denied")]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn waiting(&self) -> impl Iterator<Item = (usize, &Preview)> {
        let all = self.all.iter().enumerate();
        all.filter_map(|(at, answer)| Some((at, &answer.waits.as_ref()?.preview)))
    }

    /// Runs the call at that position, and puts what came of it in its answer; none, where no call
    /// waits there.
    ///
    /// It is run with the params that were shown, once: a second approval finds nothing that waits.
    pub async fn approve(&mut self, at: usize) -> Option<&Answer> {
        let answer = self.all.get_mut(at)?;
        // Taken before it runs: dropped midway, it is not run once more, and is cancelled.
        let waiting = answer.waits.take()?;
        let cancelled = Err(Failure::cancelled());
        answer.end(self.dialect, cancelled, self.limits.answer);
        let outcome = one::run(&waiting.proposal, &self.limits).await;
        answer.end(self.dialect, outcome, self.limits.answer);
        Some(answer)
    }

    /// Answers the call at that position with why it is not run; none, where no call waits there.
    pub fn deny(&mut self, at: usize, reason: &str) -> Option<&Answer> {
        let answer = self.all.get_mut(at)?;
        answer.waits.take()?;
        answer.end(
            self.dialect,
            Err(refusal::denied(reason)),
            self.limits.answer,
        );
        Some(answer)
    }
}
